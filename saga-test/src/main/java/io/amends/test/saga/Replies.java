package io.amends.test.saga;

import io.amends.saga.MessageTypes;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.definition.Contract;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.definition.StepReplies;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.SagaEffect.SendCommand;
import io.amends.saga.engine.SagaEvent;
import io.amends.saga.engine.SagaEvent.ReplyReceived;
import io.amends.saga.engine.SagaEvent.SignalReceived;
import io.amends.saga.engine.StepStatus;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The participants, as the test plays them: which command is answered next, and how answers arrive. */
final class Replies {

    private final Instance instance;
    private @Nullable SendCommand current;
    private @Nullable ReplyReceived last;

    Replies(Instance instance) {
        this.instance = instance;
    }

    /** That command is answered next. */
    void answerNext(SendCommand asked) {
        current = asked;
    }

    /** The command that is answered next. */
    SendCommand current() {
        if (current == null) {
            throw instance.misuse("an answer", "no command was expected yet, and answering(...) named none");
        }
        return current;
    }

    /** The command that is answered next in words. */
    String words() {
        SendCommand asked = current();
        return "%s (%s of %s)"
                .formatted(
                        asked.command().getClass().getSimpleName(), asked.kind().wireName(), asked.step());
    }

    /** Whether the saga waits for the command that is answered next. */
    boolean isAwaited() {
        SendCommand asked = current();
        StepStatus open = asked.kind() == CommandKind.ACTION ? StepStatus.SENT : StepStatus.COMPENSATING;
        return instance.state().step(asked.step()).status() == open;
    }

    /** The last answer, once more. */
    ReplyReceived again() {
        if (last == null) {
            throw instance.misuse("replyAgain()", "nothing was answered yet");
        }
        return last;
    }

    /** The framework's own answer for a handler that throws. */
    ReplyReceived error(boolean permanent) {
        return event(
                Outcome.ERROR, null, permanent ? "amends.handler-failed-for-good" : "amends.handler-failed", permanent);
    }

    /** The reply as the orchestrator reads it: a type that it does not know has an outcome only. */
    ReplyReceived reply(Reply reply) {
        SendCommand asked = current();
        Contract contract = Contract.of(asked.command().getClass());
        if (!contract.replyType().isInstance(reply)) {
            throw instance.failure(
                    "an answer to %s that is in its contract: %s"
                            .formatted(asked.command().getClass().getSimpleName(), words(contract)),
                    "the test answers with %s, which no handler of that command could return".formatted(reply));
        }
        requireDecided(reply, "an answer to " + asked.command().getClass().getSimpleName(), "the test answers with");
        StepDefinition step = instance.definition().step(asked.step()).orElseThrow();
        boolean compensation = asked.kind() == CommandKind.COMPENSATION;
        String type = MessageTypes.nameOf(reply.getClass());
        Optional<Class<? extends Reply>> known = StepReplies.find(step, compensation, type);
        boolean readable = known.filter(reply.getClass()::equals).isPresent();
        if (!readable && (known.isPresent() || StepReplies.isClosed(step, compensation))) {
            throw instance.failure(
                    "one reply with the wire name '%s' in the contract of step '%s'".formatted(type, step.name()),
                    "%s can't be told from another; give one of them a @MessageType"
                            .formatted(reply.getClass().getName()));
        }
        Outcome outcome = reply instanceof Rejection ? Outcome.REJECTION : Outcome.SUCCESS;
        return event(outcome, readable ? (Reply) instance.copy(reply) : null, type, false);
    }

    /** The word that somebody gives. */
    SagaEvent word(String signal, Reply word) {
        requireDecided(word, "a word", "the test gives the signal '%s' with".formatted(signal));
        return new SignalReceived(signal, (Reply) instance.copy(word));
    }

    /** What the participant, or whoever gives a signal, would be refused. */
    private void requireDecided(Reply reply, String what, String happened) {
        if (!Contract.isDecided(reply.getClass())) {
            throw instance.failure(
                    what + " that is either a Success or a Rejection",
                    "%s %s".formatted(happened, Contract.undecidedText(reply.getClass())));
        }
    }

    private ReplyReceived event(Outcome outcome, @Nullable Reply reply, String type, boolean permanent) {
        SendCommand asked = current();
        last = new ReplyReceived(
                asked.step(),
                asked.kind(),
                asked.participant(),
                outcome,
                reply,
                type,
                permanent,
                asked.attempt(),
                asked.round());
        return last;
    }

    private static String words(Contract contract) {
        String known = contract.replies().stream().map(Class::getSimpleName).collect(Collectors.joining(", "));
        return contract.isClosed() ? known : "any " + contract.replyType().getSimpleName();
    }
}
