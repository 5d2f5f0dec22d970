package io.amends.saga.engine;

import io.amends.saga.Reply;
import org.jspecify.annotations.Nullable;

/** What can happen to an instance. */
public sealed interface SagaEvent {

    /** The instance begins. */
    record Started() implements SagaEvent {}

    /**
     * A participant answered.
     *
     * @param step the step that the reply names
     * @param kind whether it answers the action or the compensation
     * @param participant who answered
     * @param outcome what the reply says
     * @param reply the reply itself where its type is known, else null
     * @param replyType its logical type, for the records
     */
    record ReplyReceived(
            String step,
            CommandKind kind,
            String participant,
            Outcome outcome,
            @Nullable Reply reply,
            String replyType) implements SagaEvent {}

    /**
     * A local step ran.
     *
     * @param data the saga's data afterwards
     * @param reply what it answered, null for plain success
     */
    record LocalStepRan(
            String step,
            CommandKind kind,
            Object data,
            @Nullable Reply reply) implements SagaEvent {}

    /**
     * A local step threw; what it wrote was undone.
     *
     * @param error the exception in words
     */
    record LocalStepThrew(String step, CommandKind kind, String error) implements SagaEvent {}
}
