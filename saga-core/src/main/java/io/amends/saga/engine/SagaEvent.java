package io.amends.saga.engine;

import io.amends.saga.Reply;
import io.amends.saga.definition.Contract;
import io.amends.saga.definition.LocalResult;
import io.amends.saga.definition.StepShape;
import java.time.Instant;
import java.util.List;
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
     * @param replyType its logical type, and what is told of an error; for the records
     * @param permanent of an error: whether another attempt is useless
     * @param attempt which sending of the command it answers, 0 if the participant does not say
     * @param round which {@link StepState#round} of the command it answers
     * @param errorFrames of an error: where in the participant's code it came from, as {@link Frames} writes it; null if it does not
     *     say that
     */
    record ReplyReceived(
            String step,
            CommandKind kind,
            String participant,
            Outcome outcome,
            @Nullable Reply reply,
            String replyType,
            boolean permanent,
            int attempt,
            int round,
            @Nullable String errorFrames)
            implements SagaEvent {

        /** One that does not say where in the participant's code an error came from. */
        public ReplyReceived(
                String step,
                CommandKind kind,
                String participant,
                Outcome outcome,
                @Nullable Reply reply,
                String replyType,
                boolean permanent,
                int attempt,
                int round) {
            this(step, kind, participant, outcome, reply, replyType, permanent, attempt, round, null);
        }
    }

    /**
     * A local step ran.
     *
     * @param data the saga's data afterwards
     * @param reply what it answered, null for plain success; either a {@code Success} or a {@code Rejection}
     */
    record LocalStepRan(
            String step,
            CommandKind kind,
            Object data,
            @Nullable Reply reply) implements SagaEvent {

        /** @throws IllegalArgumentException if the reply does not say whether it is a yes; see {@link #localStep} */
        public LocalStepRan {
            Contract.requireDecided(reply);
        }
    }

    /**
     * A local step threw; what it wrote was undone.
     *
     * @param error the exception in words
     * @param permanent whether another attempt is useless
     * @param errorFrames where in its code, as {@link Frames} writes it; null if it is nowhere in the application's
     */
    record LocalStepThrew(
            String step,
            CommandKind kind,
            String error,
            boolean permanent,
            @Nullable String errorFrames) implements SagaEvent {

        /** One that came from nobody knows where. */
        public LocalStepThrew(String step, CommandKind kind, String error, boolean permanent) {
            this(step, kind, error, permanent, null);
        }
    }

    /**
     * What a local step's result means. A reply that is neither a {@code Success} nor a {@code Rejection}, or both, counts as
     * thrown, and no other attempt mends it: a forgotten "no" would be taken for a yes. The start can't know all replies of a
     * type that is not sealed.
     */
    static SagaEvent localStep(String step, CommandKind kind, LocalResult result) {
        Reply reply = result.reply();
        return reply == null || Contract.isDecided(reply.getClass())
                ? new LocalStepRan(step, kind, result.data(), reply)
                : new LocalStepThrew(step, kind, Contract.undecidedText(reply.getClass()), true);
    }

    /** Time has passed: whatever is due by now happens. */
    record TimeCame() implements SagaEvent {}

    /**
     * The participant that a step is held for takes commands again, this one at least.
     *
     * @param step the step
     */
    record Admitted(String step) implements SagaEvent {}

    /**
     * Somebody gave a word that a step may wait for.
     *
     * @param signal the signal's name
     * @param reply the word; either a {@code Success} or a {@code Rejection}
     */
    record SignalReceived(String signal, Reply reply) implements SagaEvent {

        /** @throws IllegalArgumentException if the word does not say whether it is a yes */
        public SignalReceived {
            Contract.requireDecided(reply);
        }
    }

    /** What an operator may ask for. */
    sealed interface Verb extends SagaEvent {}

    /** Try again now what is open, failed or could not be begun; attempts are counted anew. */
    record RetryNow() implements Verb {}

    /**
     * Put other data in the place of a stuck instance's, and try again as {@link RetryNow} does. Commands are made of it anew and
     * keep their keys.
     *
     * @param data the whole of it, of the definition's type
     */
    record EditAndRetry(Object data) implements Verb {}

    /**
     * Go on from that step: it is asked again, whatever came of it, and what was skipped behind it is looked at again. What a
     * participant did it does not do twice; a local step that is done is not run again.
     *
     * @param step the step
     */
    record ResumeFrom(String step) implements Verb {}

    /** Take up again what an operator ended by hand, where it stood. */
    record Reopen() implements Verb {}

    /**
     * Take a step as done.
     *
     * @param step the step
     * @param kind its action, or its compensation, which is then taken as done elsewhere
     * @param result taken into the data like a reply of success; null for none
     */
    record Skip(String step, CommandKind kind, @Nullable Reply result) implements Verb {}

    /**
     * Turn back: what has, or may have, had an effect is compensated.
     *
     * @param reason why
     */
    record TurnBack(String reason) implements Verb {}

    /**
     * End the instance as it is, without a further message or hook.
     *
     * @param as {@link SagaPhase#COMPLETED} or {@link SagaPhase#COMPENSATED}
     * @param reason why
     */
    record ResolveByHand(SagaPhase as, String reason) implements Verb {}

    /**
     * Begin nothing new; replies are still taken.
     *
     * @param reason why
     * @param until when it ends by itself, null for never
     */
    record Hold(String reason, @Nullable Instant until) implements Verb {}

    /** End the hold. */
    record Resume() implements Verb {}

    /**
     * Go on as another version of the definition: the one that decides this event, whose data the state has already. Nothing
     * else changes, but an instance that is stuck because no process had its version goes on.
     *
     * @param version the version so far
     * @param steps the steps of that version
     * @param awaited whether a step of another saga waits for the instance's end
     */
    record Migrate(int version, List<StepShape> steps, boolean awaited) implements Verb {

        public Migrate {
            steps = List.copyOf(steps);
        }
    }

    /**
     * Move the deadline.
     *
     * @param to the new one, after now
     */
    record ExtendDeadline(Instant to) implements Verb {}
}
