package io.amends.spring.boot.autoconfigure.outbox;

import io.amends.outbox.relay.Relay;
import io.amends.spring.boot.autoconfigure.StartupPhases;
import java.time.Duration;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/** Starts the relay before anything that writes messages on its own, and stops it last, after it has drained the outbox. */
final class RelayLifecycle implements SmartLifecycle, DisposableBean {

    private final Relay relay;
    private final Duration shutdownTimeout;

    RelayLifecycle(Relay relay, Duration shutdownTimeout) {
        this.relay = relay;
        this.shutdownTimeout = shutdownTimeout;
    }

    @Override
    public void start() {
        relay.start();
    }

    @Override
    public void stop() {
        relay.stop(shutdownTimeout);
    }

    @Override
    public boolean isRunning() {
        return relay.isRunning();
    }

    @Override
    public int getPhase() {
        return StartupPhases.RELAY;
    }

    /** For a start that was given up half-way: no thread of the relay stays behind. */
    @Override
    public void destroy() {
        relay.stop(Duration.ZERO);
    }
}
