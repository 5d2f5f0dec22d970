package io.amends.runtime.wire;

import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a payload belongs to, and what an encrypted one is bound to. It is the same for each sending of a command and each
 * repeat of its reply.
 *
 * @param sagaName the definition's name
 * @param sagaId the instance
 * @param step the step
 * @param kind action or compensation
 * @param type the payload's logical type
 * @param outcome what a reply says; null on a command
 * @param childName of a command that starts a saga, that saga's name; null otherwise
 * @param childKey likewise, its business key
 */
public record PayloadContext(
        String sagaName,
        UUID sagaId,
        String step,
        CommandKind kind,
        String type,
        @Nullable Outcome outcome,
        @Nullable String childName,
        @Nullable String childKey) {

    /** That of a message's payload. */
    public static PayloadContext of(SagaMessage message) {
        return new PayloadContext(
                message.sagaName(),
                message.sagaId(),
                message.step(),
                message.kind(),
                message.type(),
                message.outcome(),
                message.record().text(WireHeaders.CHILD_NAME),
                message.record().text(WireHeaders.CHILD_KEY));
    }

    /** That of a reply to a command. */
    public static PayloadContext ofReply(SagaMessage command, String type, Outcome outcome) {
        return new PayloadContext(
                command.sagaName(), command.sagaId(), command.step(), command.kind(), type, outcome, null, null);
    }
}
