package io.amends.saga.engine;

import io.amends.saga.Command;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.SagaEffect.Alert;
import io.amends.saga.engine.SagaEffect.Announce;
import io.amends.saga.engine.SagaEffect.RunLocalStep;
import io.amends.saga.engine.SagaEffect.SendCommand;
import io.amends.saga.engine.SagaEvent.LocalStepRan;
import io.amends.saga.engine.SagaEvent.LocalStepThrew;
import io.amends.saga.engine.SagaEvent.ReplyReceived;
import io.amends.saga.engine.SagaEvent.SignalReceived;
import io.amends.saga.engine.SagaEvent.TimeCame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final SagaDefinition saga;
    private Instant now = START;
    private double chance = 0.5;
    private Set<String> held = Set.of();
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

    /** One that starts while those participants take no actions. */
    static Conversation startedHolding(SagaDefinition saga, String... participants) {
        return new Conversation(saga, new Trip("", true)).holding(participants).tell(new SagaEvent.Started());
    }

    Conversation tell(SagaEvent event) {
        Decision decision = SagaEngine.decide(saga, state, event, new Moment(now, chance, held::contains));
        state = decision.state();
        effects = decision.effects();
        disposition = decision.disposition();
        return this;
    }

    /** The participant that was asked answers the step's action. */
    Conversation answer(String step, Outcome outcome) {
        return tell(reply(step, CommandKind.ACTION, participant(step), outcome, round(step)));
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

    /** The compensation's participant gives up, and another attempt would be useless. */
    Conversation compensationFails(String step) {
        return tell(error(step, CommandKind.COMPENSATION, participant(step), true, round(step)));
    }

    Conversation compensationErrs(String step) {
        return tell(error(step, CommandKind.COMPENSATION, participant(step), false, round(step)));
    }

    Conversation rejectsCompensation(String step) {
        return tell(reply(step, CommandKind.COMPENSATION, participant(step), Outcome.REJECTION, round(step)));
    }

    /** The participant gives up after technical trouble. */
    Conversation errs(String step) {
        return answer(step, Outcome.ERROR);
    }

    Conversation errsForGood(String step) {
        return tell(error(step, CommandKind.ACTION, participant(step), true, round(step)));
    }

    Conversation signal(String name, Reply reply) {
        return tell(new SignalReceived(name, reply));
    }

    /** Time goes by, and nobody looks. */
    Conversation pass(Duration time) {
        now = now.plus(time);
        return this;
    }

    /** Time goes by, and everything that is due by then happens, all at that moment. */
    Conversation after(Duration time) {
        pass(time);
        List<SagaEffect> all = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            tell(new TimeCame());
            all.addAll(effects);
            if (disposition == Disposition.DUPLICATE) {
                effects = all;
                return this;
            }
        }
        throw new AssertionError("something is due for ever: " + state);
    }

    Conversation afterSeconds(long seconds) {
        return after(Duration.ofSeconds(seconds));
    }

    /** Goes to the moment at which something is due next. */
    Conversation whenDue() {
        Instant due = state.dueAt();
        if (due == null) {
            throw new AssertionError("nothing is due: " + state);
        }
        return after(Duration.between(now, due));
    }

    Conversation chance(double draw) {
        chance = draw;
        return this;
    }

    /** From now on these participants, and no others, take no actions. */
    Conversation holding(String... participants) {
        held = Set.of(participants);
        return this;
    }

    Conversation admitted(String step) {
        return tell(new SagaEvent.Admitted(step));
    }

    @Nullable
    Held held(String step) {
        return state.step(step).held();
    }

    /** In how many seconds something is due; null for never. */
    @Nullable
    Long dueInSeconds() {
        Instant due = state.dueAt();
        return due == null ? null : Duration.between(now, due).toSeconds();
    }

    Instant now() {
        return now;
    }

    Conversation ran(String step, CommandKind kind) {
        return tell(new LocalStepRan(step, kind, data().note(step), null));
    }

    Conversation threw(String step, CommandKind kind) {
        return tell(new LocalStepThrew(step, kind, "java.lang.IllegalStateException: no paper", false));
    }

    Conversation threwForGood(String step, CommandKind kind) {
        return tell(new LocalStepThrew(step, kind, "java.lang.IllegalStateException: no printer", true));
    }

    static ReplyReceived reply(String step, CommandKind kind, String participant, Outcome outcome) {
        return reply(step, kind, participant, outcome, 0);
    }

    static ReplyReceived reply(String step, CommandKind kind, String participant, Outcome outcome, int round) {
        return new ReplyReceived(
                step, kind, participant, outcome, null, outcome.wireName() + "-reply", false, 0, round);
    }

    static ReplyReceived error(String step, CommandKind kind, String participant, boolean permanent, int round) {
        return new ReplyReceived(step, kind, participant, Outcome.ERROR, null, "error-reply", permanent, 0, round);
    }

    /** Its error, which says where in its code that came from. */
    Conversation errsAt(String step, @Nullable String frames) {
        return tell(new ReplyReceived(
                step,
                CommandKind.ACTION,
                participant(step),
                Outcome.ERROR,
                null,
                "error-reply",
                false,
                0,
                round(step),
                frames));
    }

    /** Its error, which says which attempt it answers. */
    Conversation errsAtAttempt(int attempt, String step, CommandKind kind) {
        return tell(new ReplyReceived(
                step, kind, participant(step), Outcome.ERROR, null, "error-reply", false, attempt, round(step)));
    }

    /** The participant's success, with the reply itself. */
    Conversation succeedsWith(String step, Reply reply) {
        return tell(new ReplyReceived(
                step, CommandKind.ACTION, participant(step), Outcome.SUCCESS, reply, "reply", false, 0, 0));
    }

    /** Which answer the step waits for. */
    int round(String step) {
        return state.step(step).round();
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

    @Nullable
    Cause cause() {
        return state.cause();
    }

    /** What came of what was told last. */
    List<SagaEffect> decided() {
        return effects;
    }

    /** What was asked for last: {@code action hotel -> grand}, {@code run action invoice}, {@code COMPLETED}. */
    List<String> effects() {
        return effects.stream().map(Conversation::words).toList();
    }

    static String words(SagaEffect effect) {
        if (effect instanceof SendCommand send) {
            String again = send.attempt() == 1 ? "" : " #" + send.attempt();
            return "%s %s -> %s%s".formatted(send.kind().wireName(), send.step(), send.participant(), again);
        }
        if (effect instanceof RunLocalStep run) {
            return "run %s %s".formatted(run.kind().wireName(), run.step());
        }
        return effect instanceof Alert alert
                ? "alert " + alert.code()
                : ((Announce) effect).phase().name();
    }
}
