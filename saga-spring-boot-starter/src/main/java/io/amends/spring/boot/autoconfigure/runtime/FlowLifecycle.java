package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.flow.FlowKeeper;
import io.amends.spring.boot.autoconfigure.StartupPhases;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/** Lets the flow control look for as long as sagas are moved on. */
final class FlowLifecycle implements SmartLifecycle, DisposableBean {

    private final @Nullable FlowKeeper keeper;
    private final Duration interval;
    private final Duration shutdownTimeout;
    private volatile boolean running;

    /** Without a keeper where there are no sagas, and so nothing to look at. */
    FlowLifecycle(@Nullable FlowKeeper keeper, Duration interval, Duration shutdownTimeout) {
        this.keeper = keeper;
        this.interval = interval;
        this.shutdownTimeout = shutdownTimeout;
    }

    @Override
    public void start() {
        running = true;
        if (keeper != null) {
            keeper.start(interval);
        }
    }

    @Override
    public void stop() {
        stop(shutdownTimeout);
    }

    private void stop(Duration limit) {
        if (keeper != null) {
            keeper.stop(limit);
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return StartupPhases.LISTENERS;
    }

    /** For a start that was given up half-way: no thread stays behind. */
    @Override
    public void destroy() {
        stop(Duration.ZERO);
    }
}
