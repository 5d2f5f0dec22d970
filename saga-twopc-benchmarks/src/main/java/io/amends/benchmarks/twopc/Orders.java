package io.amends.benchmarks.twopc;

import io.amends.benchmarks.twopc.process.ChildProcess;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Transfers from bank to bank, as those see them who order them. Safe for use by many threads. */
final class Orders {

    private final AtomicReference<@Nullable ChildProcess> taker = new AtomicReference<>();
    private final Map<UUID, Long> open = new ConcurrentHashMap<>();
    private final Set<UUID> accepted = ConcurrentHashMap.newKeySet();
    private final Set<UUID> told = ConcurrentHashMap.newKeySet();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();

    /** From now on that process takes orders; null: nobody does. */
    void takenBy(@Nullable ChildProcess process) {
        if (process != null) {
            process.onNews(this::heard);
        }
        taker.set(process);
    }

    void order(UUID id, int from, int to, long cents) {
        ChildProcess process = taker.get();
        if (process == null) {
            refused.incrementAndGet();
            return;
        }
        open.put(id, System.nanoTime());
        try {
            process.send("order %s %d %d %d".formatted(id, from, to, cents));
        } catch (UncheckedIOException died) {
            open.remove(id);
            unknown.incrementAndGet();
        }
    }

    private void heard(String news) {
        String[] words = news.split(" ", -1);
        UUID id = UUID.fromString(words[1]);
        if (words[0].equals("accepted")) {
            accepted.add(id);
            return;
        }
        // A saga that gets a late answer tells once more that it has completed.
        if (open.remove(id) == null && !words[0].equals("completed")) {
            return;
        }
        switch (words[0]) {
            case "completed" -> complete(id);
            case "refused" -> refused.incrementAndGet();
            default -> unknown.incrementAndGet();
        }
    }

    /** The taker has died: of what it has not accepted for good, nobody will ever hear. */
    void taken() {
        for (UUID id : List.copyOf(open.keySet())) {
            if (!accepted.contains(id) && open.remove(id) != null) {
                unknown.incrementAndGet();
            }
        }
    }

    /** Those were found to be carried out, and nobody said so: whoever should have died at that moment. */
    void found(Collection<UUID> carriedOut) {
        for (UUID id : carriedOut) {
            open.remove(id);
            complete(id);
        }
    }

    private void complete(UUID id) {
        if (told.add(id)) {
            completed.incrementAndGet();
        }
    }

    /** How many are not ended. */
    int open() {
        return open.size();
    }

    /** Those that began before that moment of {@link System#nanoTime} and are not ended. */
    List<UUID> openSince(long moment) {
        List<UUID> old = new ArrayList<>();
        open.forEach((id, at) -> {
            if (at - moment < 0) {
                old.add(id);
            }
        });
        return old;
    }

    long completed() {
        return completed.get();
    }

    long refused() {
        return refused.get();
    }

    /** Whoever ordered them was not told what became of them. */
    long unknown() {
        return unknown.get();
    }
}
