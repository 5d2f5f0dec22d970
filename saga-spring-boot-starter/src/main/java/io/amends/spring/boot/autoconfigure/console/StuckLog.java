package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.alerts.SagaGotStuck;
import io.amends.dashboard.alerts.SagaRecovered;
import io.amends.dashboard.alerts.StuckAlert;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.event.EventListener;

/**
 * A line of the log for each saga that gets stuck or recovers, in the process that noticed it, with a link to its page; with
 * the fields by which its other lines are found. Safe for use by many threads.
 */
final class StuckLog {

    private static final Logger log = LoggerFactory.getLogger(StuckLog.class);
    private static final String ID = "saga.id";

    private final String console;

    /** @param console where people reach the console, without a slash at its end */
    StuckLog(String console) {
        this.console = console;
    }

    @EventListener
    void stuck(SagaGotStuck alert) {
        line(
                alert,
                () -> log.warn(
                        "Saga {} of '{}' is stuck since {}: {}{}",
                        alert.sagaId(),
                        alert.saga(),
                        alert.since(),
                        alert.reason(),
                        link(alert)));
    }

    @EventListener
    void recovered(SagaRecovered alert) {
        line(
                alert,
                () -> log.info(
                        "Saga {} of '{}' is stuck no longer: {}{}",
                        alert.sagaId(),
                        alert.saga(),
                        alert.became(),
                        link(alert)));
    }

    private static void line(StuckAlert alert, Runnable write) {
        MDC.put(ID, alert.sagaId().toString());
        try {
            write.run();
        } finally {
            MDC.remove(ID);
        }
    }

    private String link(StuckAlert alert) {
        return ", " + console + "/sagas/" + alert.sagaId();
    }
}
