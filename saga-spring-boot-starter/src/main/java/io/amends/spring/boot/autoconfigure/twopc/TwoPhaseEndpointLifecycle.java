package io.amends.spring.boot.autoconfigure.twopc;

import io.amends.spring.boot.autoconfigure.StartupPhases;
import io.amends.twopc.TwoPhaseEndpoint;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Checks the database that branches are prepared on, before the web server takes requests. */
final class TwoPhaseEndpointLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger("io.amends");

    private final TwoPhaseEndpoint endpoint;
    private final Duration limit;
    private volatile boolean running;

    TwoPhaseEndpointLifecycle(TwoPhaseEndpoint endpoint, Duration limit) {
        this.endpoint = endpoint;
        this.limit = limit;
    }

    @Override
    public void start() {
        endpoint.check(limit);
        running = true;
        log.info("Coordinators elsewhere may have this service take part in two-phase commit, under /twopc");
    }

    @Override
    public void stop() {
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
}
