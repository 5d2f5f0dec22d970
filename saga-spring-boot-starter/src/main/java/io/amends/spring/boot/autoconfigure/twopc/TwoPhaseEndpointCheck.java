package io.amends.spring.boot.autoconfigure.twopc;

import io.amends.spring.boot.autoconfigure.StartupPhases;
import io.amends.spring.boot.autoconfigure.StartupTask;
import io.amends.twopc.TwoPhaseEndpoint;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the database that branches are prepared on, before the web server takes requests. */
final class TwoPhaseEndpointCheck extends StartupTask {

    private static final Logger log = LoggerFactory.getLogger("io.amends");

    private final TwoPhaseEndpoint endpoint;
    private final Duration limit;

    TwoPhaseEndpointCheck(TwoPhaseEndpoint endpoint, Duration limit) {
        super(StartupPhases.LISTENERS);
        this.endpoint = endpoint;
        this.limit = limit;
    }

    @Override
    protected void run() {
        endpoint.check(limit);
        log.info("Coordinators elsewhere may have this service take part in two-phase commit, under /twopc");
    }
}
