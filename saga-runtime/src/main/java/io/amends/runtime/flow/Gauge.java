package io.amends.runtime.flow;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * How many are on their way: what was counted in the database last, and what came and went in this process since. Safe
 * for use by many threads.
 */
final class Gauge {

    private final AtomicLong since = new AtomicLong();
    private volatile long counted;

    void more() {
        since.incrementAndGet();
    }

    void less() {
        since.decrementAndGet();
    }

    long value() {
        return counted + since.get();
    }

    /** Counts those of that name anew, all with one statement. */
    static void recount(
            Collection<String> names,
            Function<String, Gauge> gauges,
            Function<Collection<String>, Map<String, Long>> count) {
        Map<String, Long> before = new HashMap<>();
        names.forEach(name -> before.put(name, gauges.apply(name).since.get()));
        Map<String, Long> numbers = count.apply(names);
        before.forEach((name, seen) -> {
            Gauge gauge = gauges.apply(name);
            gauge.counted = numbers.getOrDefault(name, 0L);
            gauge.since.addAndGet(-seen);
        });
    }
}
