package io.amends.runtime.orchestrator;

import io.amends.saga.engine.Disposition;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How many replies came to which disposition since the process started. Safe for use by many threads. */
public final class DispositionCounts {

    private final Map<Disposition, LongAdder> counts = new EnumMap<>(Disposition.class);

    /** All zero. */
    public DispositionCounts() {
        for (Disposition disposition : Disposition.values()) {
            counts.put(disposition, new LongAdder());
        }
    }

    void count(Disposition disposition) {
        adder(disposition).increment();
    }

    /** The number so far; a batch that was repeated counts again. */
    public long of(Disposition disposition) {
        return adder(disposition).sum();
    }

    private LongAdder adder(Disposition disposition) {
        LongAdder adder = counts.get(disposition);
        if (adder == null) {
            throw new IllegalStateException("Every disposition has a counter.");
        }
        return adder;
    }
}
