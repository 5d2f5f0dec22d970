package io.amends.benchmarks.outbox;

import io.amends.benchmarks.outbox.contender.Contender;
import io.amends.benchmarks.outbox.contender.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/** Threads that append. Used by one thread. */
final class Writers implements AutoCloseable {

    private final Contender contender;
    private final int count;
    private final ExecutorService threads;

    Writers(Contender contender, int count) {
        this.contender = contender;
        this.count = count;
        this.threads = Executors.newFixedThreadPool(count);
    }

    /** Work of one writer. */
    private interface Work {
        void run() throws InterruptedException;
    }

    private void all(Work work) {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            running.add(threads.submit(() -> {
                work.run();
                return null;
            }));
        }
        for (Future<?> each : running) {
            try {
                each.get();
            } catch (ExecutionException trouble) {
                throw new IllegalStateException("A writer could not append", trouble.getCause());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while writers append", interrupted);
            }
        }
    }

    /** Appends all, so many in a transaction. */
    void fill(List<Message> messages, int inTransaction) {
        AtomicInteger next = new AtomicInteger();
        all(() -> {
            for (int from = next.getAndAdd(inTransaction);
                    from < messages.size();
                    from = next.getAndAdd(inTransaction)) {
                contender.append(messages.subList(from, Math.min(messages.size(), from + inTransaction)));
            }
        });
    }

    /** Appends one a transaction for that long, as fast as it goes, and says how many; the messages are used again. */
    int append(List<Message> messages, Duration time) {
        AtomicInteger next = new AtomicInteger();
        long end = System.nanoTime() + time.toNanos();
        all(() -> {
            while (end - System.nanoTime() > 0) {
                contender.append(List.of(messages.get(next.getAndIncrement() % messages.size())));
            }
        });
        return next.get();
    }

    /**
     * Appends all at a steady rate, one a transaction. When each is due is settled beforehand and does not wait for those
     * before it, so that a stall shows in all that came due meanwhile.
     *
     * @param begin when the first is due, by {@link System#nanoTime}; each next one follows by the interval
     * @param committed gets the moment at which each had been committed, by {@link System#nanoTime}
     */
    void steadily(IntFunction<Message> messages, int size, long begin, long intervalNanos, long[] committed) {
        AtomicInteger next = new AtomicInteger();
        all(() -> {
            for (int i = next.getAndIncrement(); i < size; i = next.getAndIncrement()) {
                Message message = messages.apply(i);
                long due = begin + i * intervalNanos;
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                contender.append(List.of(message));
                committed[i] = System.nanoTime();
            }
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
