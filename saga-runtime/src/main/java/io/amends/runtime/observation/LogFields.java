package io.amends.runtime.observation;

import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.engine.CommandKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.MDC;

/**
 * What this thread's log lines say until it is cleared. What stood there before comes back then, so that they can be
 * nested. Used by one thread.
 */
public final class LogFields {

    /** With an empty text where there was none. */
    private final Map<LogField, String> before = new EnumMap<>(LogField.class);

    private LogFields() {}

    /** Of a saga. */
    public static LogFields of(UUID sagaId, String sagaName) {
        return new LogFields().put(LogField.SAGA_ID, sagaId.toString()).put(LogField.SAGA_NAME, sagaName);
    }

    /** Of a step of the saga that is there already. */
    public static LogFields of(String step, CommandKind kind) {
        return new LogFields().put(LogField.STEP, step).put(LogField.KIND, kind.wireName());
    }

    /**
     * Of a command or a reply.
     *
     * @param participant who carries it out, or sent it
     */
    public static LogFields of(SagaMessage message, String participant) {
        return of(message.sagaId(), message.sagaName())
                .put(LogField.STEP, message.step())
                .put(LogField.KIND, message.kind().wireName())
                .put(LogField.MESSAGE_ID, message.id().toString())
                .put(LogField.PARTICIPANT, participant);
    }

    private LogFields put(LogField field, String value) {
        String old = MDC.get(field.key());
        before.put(field, old == null ? "" : old);
        MDC.put(field.key(), value);
        return this;
    }

    /** Takes them back. */
    public void clear() {
        before.forEach((field, old) -> {
            if (old.isEmpty()) {
                MDC.remove(field.key());
            } else {
                MDC.put(field.key(), old);
            }
        });
    }
}
