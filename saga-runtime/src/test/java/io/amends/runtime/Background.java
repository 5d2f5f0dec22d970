package io.amends.runtime;

import java.util.concurrent.CompletableFuture;

/**
 * Runs something on a thread of its own. The JDK's common pool has a single thread on a machine with two processors, so
 * that two tasks which wait for each other would never end there.
 */
public final class Background {

    private Background() {}

    public static CompletableFuture<Void> run(Runnable task) {
        return CompletableFuture.runAsync(task, work -> new Thread(work, "background").start());
    }
}
