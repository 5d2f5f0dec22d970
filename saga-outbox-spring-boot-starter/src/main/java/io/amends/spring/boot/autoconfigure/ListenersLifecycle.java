package io.amends.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/** What reads messages or moves them on: starts once everything else runs, and stops first. Safe for use by many threads. */
public abstract class ListenersLifecycle implements SmartLifecycle, DisposableBean {

    private final Duration shutdownTimeout;
    private volatile boolean running;

    /** @param shutdownTimeout how long a stop waits at most, for all parts together */
    protected ListenersLifecycle(Duration shutdownTimeout) {
        this.shutdownTimeout = shutdownTimeout;
    }

    /** Starts all parts. */
    protected abstract void begin();

    /**
     * Stops all parts, also those of a start that was given up half-way.
     *
     * @param left how long the next part may take, from the moment when it is asked; never zero
     */
    protected abstract void end(Supplier<Duration> left);

    @Override
    public final synchronized void start() {
        running = true;
        begin();
    }

    @Override
    public final void stop() {
        stop(shutdownTimeout);
    }

    private synchronized void stop(Duration limit) {
        if (!running) {
            return;
        }
        long deadline = System.nanoTime() + limit.toNanos();
        end(() -> Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())));
        running = false;
    }

    @Override
    public final boolean isRunning() {
        return running;
    }

    @Override
    public final int getPhase() {
        return StartupPhases.LISTENERS;
    }

    /** For a start that was given up half-way: no thread stays behind. */
    @Override
    public final void destroy() {
        stop(Duration.ZERO);
    }
}
