package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.amends.dashboard.alerts.SagaGotStuck;
import io.amends.dashboard.alerts.SagaRecovered;
import io.amends.dashboard.stuck.StuckReason;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Who reads the log gets from a line to the saga's page. */
class StuckLogTest {

    private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
    private static final UUID ID = UUID.fromString("01939c5a-1111-7000-8000-000000000001");

    @Test
    void a_saga_that_gets_stuck_and_recovers_is_a_line_each_with_a_link_and_without_its_key() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger logger = (Logger) LoggerFactory.getLogger(StuckLog.class);
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
        try {
            StuckLog log = new StuckLog("https://shop.example/amends");
            log.stuck(new SagaGotStuck(
                    1, ID, "purchase", 1, "ann@example.com", null, null, StuckReason.HOT_RETRY, null, NOW, NOW));
            log.recovered(new SagaRecovered(
                    2, ID, "purchase", 1, "ann@example.com", StuckReason.HOT_RETRY, NOW, "COMPLETED", NOW));
        } finally {
            logger.detachAppender(lines);
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "Saga %s of 'purchase' is stuck since 2026-11-22T03:00:00Z: HOT_RETRY, https://shop.example/amends/sagas/%s"
                                .formatted(ID, ID),
                        "Saga %s of 'purchase' is stuck no longer: COMPLETED, https://shop.example/amends/sagas/%s"
                                .formatted(ID, ID));
        assertThat(lines.list)
                .allSatisfy(line -> assertThat(line.getMDCPropertyMap()).containsEntry("saga.id", ID.toString()));
    }
}
