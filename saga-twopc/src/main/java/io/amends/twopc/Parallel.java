package io.amends.twopc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Makes several calls at once on a bounded number of threads. Whoever asks makes one of them, and all for which no thread is
 * free: nothing queues. Safe for use by many threads.
 */
final class Parallel implements AutoCloseable {

    private final ThreadPoolExecutor threads;

    Parallel(String name, int most) {
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                0,
                most,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                // Also after the end, unlike the library's, which would drop it then.
                (task, pool) -> task.run());
    }

    /**
     * Calls for each and returns when all have ended: the calls have limits, and to leave one alone would mean that two
     * threads use its connection.
     *
     * @return the results in the order of the items
     */
    <T, R> List<R> forAll(Collection<T> items, Function<T, R> call) {
        List<FutureTask<R>> tasks = new ArrayList<>(items.size());
        for (T item : items) {
            tasks.add(new FutureTask<>(() -> call.apply(item)));
        }
        for (int i = 1; i < tasks.size(); i++) {
            threads.execute(tasks.get(i));
        }
        if (!tasks.isEmpty()) {
            tasks.get(0).run();
        }
        return collect(tasks);
    }

    private static <R> List<R> collect(List<FutureTask<R>> tasks) {
        List<R> results = new ArrayList<>(tasks.size());
        Throwable failure = null;
        boolean interrupted = false;
        for (FutureTask<R> task : tasks) {
            while (true) {
                try {
                    results.add(task.get());
                    break;
                } catch (InterruptedException wanted) {
                    interrupted = true;
                } catch (ExecutionException thrown) {
                    failure = failure == null ? thrown.getCause() : failure;
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw new IllegalStateException("A call ended in a way that it must not", failure);
        }
        return results;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
