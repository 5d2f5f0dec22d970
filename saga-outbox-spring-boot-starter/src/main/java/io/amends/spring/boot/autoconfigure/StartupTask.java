package io.amends.spring.boot.autoconfigure;

import org.springframework.context.SmartLifecycle;

/** What is done once in a start and needs no stop. Safe for use by many threads. */
public abstract class StartupTask implements SmartLifecycle {

    private final int phase;
    private volatile boolean done;

    /** @param phase one of {@link StartupPhases} */
    protected StartupTask(int phase) {
        this.phase = phase;
    }

    /** Does it; what it throws ends the start. */
    protected abstract void run();

    @Override
    public final void start() {
        run();
        done = true;
    }

    @Override
    public final void stop() {
        done = false;
    }

    @Override
    public final boolean isRunning() {
        return done;
    }

    @Override
    public final int getPhase() {
        return phase;
    }
}
