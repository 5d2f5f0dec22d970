package io.amends.spring.boot.autoconfigure.observability;

import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

/** A message is handled in the trace that its headers name. Used by one thread. */
public abstract sealed class SagaMessageContext extends ReceiverContext<InboundRecord>
        permits SagaCommandContext, SagaReplyContext {

    private final SagaMessage message;
    private String outcome = KeyValue.NONE_VALUE;

    SagaMessageContext(SagaMessage message) {
        super(SagaMessageContext::header, Kind.CONSUMER);
        this.message = message;
        setCarrier(message.record());
        setRemoteServiceName(system(message));
    }

    /** The message; its payload is not for traces. */
    public SagaMessage message() {
        return message;
    }

    /** What came of it; {@code none} until then. */
    public String outcome() {
        return outcome;
    }

    void came(String word) {
        outcome = word;
    }

    /** What a span says of it, and a timer does not. */
    KeyValues ofMessage() {
        return KeyValues.of(
                SagaObservation.Key.SAGA_ID.withValue(message.sagaId().toString()),
                SagaObservation.Key.SAGA_NAME.withValue(message.sagaName()),
                SagaObservation.Key.STEP.withValue(message.step()),
                SagaObservation.Key.ATTEMPT.withValue(Integer.toString(message.attempt())),
                SagaObservation.Key.MESSAGE_ID.withValue(message.id().toString()),
                SagaObservation.Key.TOPIC.withValue(message.record().topic()),
                SagaObservation.Key.PARTITION.withValue(
                        Integer.toString(message.record().partition())),
                SagaObservation.Key.OFFSET.withValue(
                        Long.toString(message.record().offset())),
                SagaObservation.Key.SYSTEM.withValue(system(message)),
                SagaObservation.Key.OPERATION.withValue("process"));
    }

    private static String system(SagaMessage message) {
        return message.record().partition() == InboundRecord.OUTBOX ? "postgresql" : "kafka";
    }

    private static @Nullable String header(@Nullable InboundRecord record, String name) {
        return record == null ? null : record.text(name);
    }
}
