package io.amends.runtime.participant;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.amends.runtime.observation.LogField;
import io.amends.runtime.wire.InboundRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Lines that are logged while a command is carried out say what they belong to. */
class LogFieldsOfCommandsTest extends WarehouseFixture {

    @Test
    void a_handlers_lines_say_so_and_what_the_application_had_put_there_stays() {
        Map<String, String> said = new HashMap<>();
        InboundRecord command = reserve(saga, "a", 1);
        warehouse.surprise("a", () -> said.putAll(said()));
        MDC.put("tenant", "ann");
        try {
            deliver(command);

            assertThat(said()).as("left behind").containsExactlyInAnyOrderEntriesOf(Map.of("tenant", "ann"));
        } finally {
            MDC.clear();
        }
        said.remove("tenant");
        assertThat(said).containsExactlyInAnyOrderEntriesOf(fields(command));
    }

    @Test
    void so_do_the_librarys_own_lines_when_it_threw_at_each_attempt() {
        InboundRecord command = reserve(saga, "a", 1);
        warehouse.surprise("a", () -> {
            throw new IllegalStateException("no");
        });
        Logger logger = (Logger) LoggerFactory.getLogger(Redelivery.class.getPackageName());
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            deliver(command);
            participant.redelivery().poll();
            participant.redelivery().poll();
        } finally {
            logger.detachAppender(lines);
        }

        assertThat(lines.list)
                .hasSize(3)
                .allSatisfy(line -> assertThat(line.getMDCPropertyMap()).containsAllEntriesOf(fields(command)));
        assertThat(said()).isEmpty();
    }

    private Map<String, String> fields(InboundRecord command) {
        return Map.of(
                LogField.SAGA_ID.key(), saga.toString(),
                LogField.SAGA_NAME.key(), "place-order",
                LogField.STEP.key(), "reserve-stock",
                LogField.KIND.key(), "action",
                LogField.MESSAGE_ID.key(), String.valueOf(command.text("ce_id")),
                LogField.PARTICIPANT.key(), "warehouse");
    }

    private static Map<String, String> said() {
        return Objects.requireNonNullElse(MDC.getCopyOfContextMap(), Map.of());
    }
}
