package io.amends.saga.engine;

import io.amends.saga.Command;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.SagaEffect.Announce;
import io.amends.saga.engine.SagaEffect.RunLocalStep;
import io.amends.saga.engine.SagaEffect.SendCommand;
import io.amends.saga.engine.SagaEvent.LocalStepRan;
import io.amends.saga.engine.SagaEvent.LocalStepThrew;
import io.amends.saga.engine.SagaEvent.ReplyReceived;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Talks to the engine on behalf of one instance and notes what it said last, in words that a test can compare. */
final class Conversation {

    record Trip(String notes, boolean insured) {

        Trip note(String more) {
            return new Trip(notes.isEmpty() ? more : notes + "," + more, insured);
        }
    }

    record Book(String what) implements Command<BookReply> {}

    sealed interface BookReply extends Reply {}

    record Booked(String number) implements BookReply, Success {}

    record SoldOut(String what) implements BookReply, Rejection {}

    record Cancel(String what) implements Command<Cancelled> {}

    record Cancelled() implements Success {}

    record Send(String what) implements Command<Sent> {}

    record Sent() implements Success {}

    private final SagaDefinition saga;
    private SagaState state;
    private List<SagaEffect> effects = List.of();
    private @Nullable Disposition disposition;

    private Conversation(SagaDefinition saga, Trip data) {
        this.saga = saga;
        this.state = SagaState.initial(data);
    }

    static Conversation started(SagaDefinition saga) {
        return started(saga, new Trip("", true));
    }

    static Conversation started(SagaDefinition saga, Trip data) {
        return new Conversation(saga, data).tell(new SagaEvent.Started());
    }

    Conversation tell(SagaEvent event) {
        Decision decision = SagaEngine.decide(saga, state, event);
        state = decision.state();
        effects = decision.effects();
        disposition = decision.disposition();
        return this;
    }

    /** The participant that was asked answers the step's action. */
    Conversation answer(String step, Outcome outcome) {
        return tell(reply(step, CommandKind.ACTION, participant(step), outcome));
    }

    Conversation succeeds(String step) {
        return answer(step, Outcome.SUCCESS);
    }

    Conversation rejects(String step) {
        return answer(step, Outcome.REJECTION);
    }

    Conversation compensated(String step) {
        return tell(reply(step, CommandKind.COMPENSATION, participant(step), Outcome.SUCCESS));
    }

    Conversation compensationFails(String step) {
        return tell(reply(step, CommandKind.COMPENSATION, participant(step), Outcome.ERROR));
    }

    Conversation ran(String step, CommandKind kind) {
        return tell(new LocalStepRan(step, kind, data().note(step), null));
    }

    Conversation threw(String step, CommandKind kind) {
        return tell(new LocalStepThrew(step, kind, "java.lang.IllegalStateException: no paper"));
    }

    static ReplyReceived reply(String step, CommandKind kind, String participant, Outcome outcome) {
        return new ReplyReceived(step, kind, participant, outcome, null, outcome.wireName() + "-reply");
    }

    private String participant(String step) {
        String asked = state.step(step).participant();
        return asked == null ? "nobody" : asked;
    }

    SagaState state() {
        return state;
    }

    Trip data() {
        return (Trip) state.data();
    }

    SagaPhase phase() {
        return state.phase();
    }

    StepStatus status(String step) {
        return state.step(step).status();
    }

    @Nullable
    Disposition disposition() {
        return disposition;
    }

    @Nullable
    ReasonCode reasonCode() {
        return state.reasonCode();
    }

    /** What the last decision asks for: {@code action hotel -> grand}, {@code run invoice}, {@code COMPLETED}. */
    List<String> effects() {
        return effects.stream().map(Conversation::words).toList();
    }

    static String words(SagaEffect effect) {
        if (effect instanceof SendCommand send) {
            return "%s %s -> %s".formatted(send.kind().wireName(), send.step(), send.participant());
        }
        if (effect instanceof RunLocalStep run) {
            return "run %s %s".formatted(run.kind().wireName(), run.step());
        }
        return ((Announce) effect).phase().name();
    }
}
