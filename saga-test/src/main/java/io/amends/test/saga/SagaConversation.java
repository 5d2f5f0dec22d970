package io.amends.test.saga;

import io.amends.saga.Command;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaEffect;
import io.amends.saga.engine.SagaEffect.Alert;
import io.amends.saga.engine.SagaEffect.Announce;
import io.amends.saga.engine.SagaEffect.RunLocalStep;
import io.amends.saga.engine.SagaEffect.SendCommand;
import io.amends.saga.engine.SagaEvent;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import io.amends.saga.engine.StepState;
import io.amends.saga.engine.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A test's conversation with one instance of a saga; begins with {@link SagaTester#given}.
 *
 * <p>What the test makes happen and what it expects alternate. Before anything else happens, and before the end is
 * expected, two things must have been spoken of: every command that the saga sent for the first time (one that is sent
 * once more may be passed over), and an event that the saga ignored. So nothing happens behind the test's back.
 *
 * <p>Every method throws an {@link AssertionError} that says what was expected, what happened instead, and the whole
 * conversation so far. Mutable, for use by one thread.
 */
public final class SagaConversation {

    private static final int MOST_ATTEMPTS = 1_000;

    private final Instance instance;
    private final Replies replies;

    private SagaConversation(Instance instance) {
        this.instance = instance;
        this.replies = new Replies(instance);
    }

    static SagaConversation begin(Instance instance, Object data) {
        instance.tell("given " + data, new SagaEvent.Started());
        return new SagaConversation(instance);
    }

    // What the saga is expected to do

    /** The saga asked that participant to do this; it is the command that is answered next. */
    public SagaConversation expectCommand(String participant, Command<?> command) {
        return expectSent(
                "the command %s to %s".formatted(command, participant),
                send -> send.kind() == CommandKind.ACTION
                        && send.participant().equals(participant)
                        && send.command().equals(command));
    }

    /** Likewise, whatever is in the command; {@link #command} gives it. */
    public SagaConversation expectCommand(String participant, Class<? extends Command<?>> type) {
        return expectSent(
                "a command %s to %s".formatted(type.getSimpleName(), participant),
                send -> send.kind() == CommandKind.ACTION
                        && send.participant().equals(participant)
                        && type.isInstance(send.command()));
    }

    /** The saga compensates that step with this command; it is the command that is answered next. */
    public SagaConversation expectCompensation(String step, Command<?> command) {
        return expectSent(
                "the compensation of step '%s' with %s".formatted(existing(step), command),
                send -> isCompensation(send, step) && send.command().equals(command));
    }

    /** Likewise, whatever is in the command; {@link #command} gives it. */
    public SagaConversation expectCompensation(String step, Class<? extends Command<?>> type) {
        return expectSent(
                "the compensation of step '%s' with %s".formatted(existing(step), type.getSimpleName()),
                send -> isCompensation(send, step) && type.isInstance(send.command()));
    }

    private static boolean isCompensation(SendCommand send, String step) {
        return send.kind() == CommandKind.COMPENSATION && send.step().equals(step);
    }

    private SagaConversation expectSent(String expected, Predicate<SendCommand> which) {
        replies.answerNext(instance.take(effect -> effect instanceof SendCommand send && which.test(send))
                .map(SendCommand.class::cast)
                .orElseThrow(() -> instance.failure(expected)));
        return this;
    }

    /** The saga sent nothing that was not spoken of, not even once more. */
    public SagaConversation expectNoCommand() {
        return check("no command", instance.news().stream().noneMatch(SendCommand.class::isInstance));
    }

    /** The local step of that name ran since the last event, whether it succeeded or not. */
    public SagaConversation expectLocalStep(String step) {
        return expectRun(new RunLocalStep(existing(step), CommandKind.ACTION));
    }

    /** The local compensation of the step of that name ran since the last event, whether it succeeded or not. */
    public SagaConversation expectLocalCompensation(String step) {
        return expectRun(new RunLocalStep(existing(step), CommandKind.COMPENSATION));
    }

    private SagaConversation expectRun(SagaEffect expected) {
        boolean ran = instance.take(expected::equals).isPresent();
        return check("that %s ran".formatted(Instance.words(expected)), ran);
    }

    /** The saga's hook for that phase ran since the last event, whether it threw or not. */
    public SagaConversation expectHook(SagaPhase phase) {
        return expectRun(new Announce(phase));
    }

    /** The saga raised an alert with that reason since the last event. */
    public SagaConversation expectAlert(ReasonCode code) {
        boolean raised = instance.take(effect -> effect instanceof Alert alert && alert.code() == code)
                .isPresent();
        return check("an alert " + code, raised);
    }

    /** The last event changed nothing, for that reason. */
    public SagaConversation expectIgnored(Disposition disposition) {
        check("that the last event is ignored as " + disposition, instance.ignored() == disposition);
        instance.forgetIgnored();
        return this;
    }

    /** The saga completed. */
    public SagaConversation expectCompleted() {
        return expectPhase(SagaPhase.COMPLETED);
    }

    /** The saga turned back, and everything that had an effect is compensated. */
    public SagaConversation expectCompensated() {
        return expectPhase(SagaPhase.COMPENSATED);
    }

    /** The saga waits for an operator, for that reason. */
    public SagaConversation expectStuck(ReasonCode code) {
        return expectPhase(SagaPhase.STUCK).expectReason(code);
    }

    /** The saga stands there, and everything that it did until then was spoken of. */
    public SagaConversation expectPhase(SagaPhase phase) {
        settled();
        return check("that the saga is " + phase, state().phase() == phase);
    }

    /** Why the saga is stuck or late, or what it turned back for; null for no reason. */
    public SagaConversation expectReason(@Nullable ReasonCode code) {
        return check("the reason " + code, state().reasonCode() == code);
    }

    /** Why the saga turned back in the first place, whatever went wrong on the way; null if it did not. */
    public SagaConversation expectCause(@Nullable ReasonCode code) {
        ReasonCode cause = state().cause() == null ? null : state().cause().code();
        if (cause != code) {
            throw instance.failure("the cause " + code, "the cause is " + cause);
        }
        return this;
    }

    /** The step of that name stands there. */
    public SagaConversation expectStep(String step, StepStatus status) {
        return check(
                "that step '%s' is %s".formatted(existing(step), status),
                state().step(step).status() == status);
    }

    /** The saga's data equals this. */
    public SagaConversation expectData(Object data) {
        if (!data.equals(state().data())) {
            throw instance.failure("the data " + data, "the data is " + state().data());
        }
        return this;
    }

    /** Something happens by itself after exactly that time, unless something else happens before. */
    public SagaConversation expectDueIn(Duration time) {
        Instant due = state().dueAt();
        if (due == null || !due.equals(instance.now().plus(time))) {
            throw instance.failure(
                    "that something is due in " + Transcript.shortly(time),
                    due == null
                            ? "nothing is due"
                            : "it is due in " + Transcript.shortly(Duration.between(instance.now(), due)));
        }
        return this;
    }

    // What the test makes happen

    /**
     * The participant answers the command that was expected last, or that {@link #answering} names: a success, or with a
     * {@link Rejection} its "no". A reply that is not in the command's contract fails the test.
     */
    public SagaConversation reply(Reply reply) {
        String does = reply instanceof Rejection ? "rejects" : "answers";
        return happen(
                "%s %s %s with %s".formatted(replies.current().participant(), does, replies.words(), reply),
                replies.reply(reply));
    }

    /** The participant says no: like {@link #reply}, and reads better. */
    public SagaConversation reject(Rejection rejection) {
        return reply(rejection);
    }

    /** The last reply of all is delivered once more. */
    public SagaConversation replyAgain() {
        SagaEvent.ReplyReceived repeated = replies.again();
        return happen(
                "%s's %s to step %s comes again"
                        .formatted(repeated.participant(), repeated.replyType(), repeated.step()),
                repeated);
    }

    /** The participant gives up after technical trouble; the command is tried again as the step's policy says. */
    public SagaConversation error() {
        return happen(
                "%s has trouble with %s".formatted(replies.current().participant(), replies.words()),
                replies.error(false));
    }

    /** Likewise, and says that another attempt is useless: the command was not understood, for example. */
    public SagaConversation errorForGood() {
        return happen(
                "%s has lasting trouble with %s".formatted(replies.current().participant(), replies.words()),
                replies.error(true));
    }

    /**
     * What follows answers the action of that step: of parallel steps one that was not expected last, or one that is no
     * longer waited for, so that the answer is late.
     */
    public SagaConversation answering(String step) {
        replies.answerNext(instance.asked(existing(step), CommandKind.ACTION)
                .orElseThrow(() -> instance.failure("that the command of step '%s' was sent".formatted(step))));
        return this;
    }

    /** Likewise the compensation of that step. */
    public SagaConversation answeringCompensationOf(String step) {
        replies.answerNext(instance.asked(existing(step), CommandKind.COMPENSATION)
                .orElseThrow(() -> instance.failure("that the compensation of step '%s' was sent".formatted(step))));
        return this;
    }

    /** Time passes until the reply to the command that is answered next is overdue, and what is due by then happens. */
    public SagaConversation noReply() {
        SendCommand asked = replies.current();
        StepState step = state().step(asked.step());
        Instant overdue = step.dueAt();
        if (!replies.isAwaited() || overdue == null || step.error() != null) {
            throw instance.misuse("noReply()", "no reply to %s is waited for".formatted(replies.words()));
        }
        return passTo(overdue, "%s does not reply to %s".formatted(asked.participant(), replies.words()));
    }

    /** Likewise for every attempt, until the saga no longer tries. */
    public SagaConversation noReplyAtAll() {
        noReply();
        Instant due = state().dueAt();
        for (int attempt = 2; replies.isAwaited() && due != null; attempt++) {
            if (attempt > MOST_ATTEMPTS) {
                throw instance.misuse("noReplyAtAll()", "the saga tries without end; say timePasses(...) instead");
            }
            instance.passUntil(due);
            due = state().dueAt();
        }
        return this;
    }

    /** Time passes; what is due on the way happens when it is due. Nobody waits. */
    public SagaConversation timePasses(Duration time) {
        return passTo(instance.now().plus(time), Transcript.shortly(time) + " pass");
    }

    /** Time passes until something is due: an overdue reply, the next attempt, the deadline. It happens. */
    public SagaConversation timePassesUntilDue() {
        Instant due = state().dueAt();
        if (due == null) {
            throw instance.misuse("timePassesUntilDue()", "nothing is due, however long one waits");
        }
        return passTo(due, "time passes until something is due");
    }

    private SagaConversation passTo(Instant end, String words) {
        settled();
        instance.forgetNews();
        instance.note(words);
        instance.passUntil(end);
        return this;
    }

    /** Somebody gives the word that a step may wait for; one that is neither a success nor a rejection fails the test. */
    public SagaConversation signal(String name, Reply word) {
        return happen("the signal '%s' is given with %s".formatted(name, word), replies.word(name, word));
    }

    /** An operator asks for that; what is not possible as the saga stands is ignored as {@code NOT_ALLOWED}. */
    public SagaConversation operator(SagaEvent.Verb verb) {
        return happen("an operator asks for " + verb, verb);
    }

    /**
     * The orchestrator dies after it decided the last event and before it stored anything: nothing of it was, and the
     * same event comes again. Stands directly behind what happened. The saga's methods run a second time; if they send
     * other commands then, the test fails, because methods of remote steps must be pure. What local steps and hooks
     * changed outside the saga's data is not undone, unlike in a database.
     */
    public SagaConversation crash() {
        boolean same = instance.repeat()
                .orElseThrow(() -> instance.misuse("crash()", "it must stand directly behind something that happened"));
        if (!same) {
            throw instance.failure(
                    "the same commands when the same event comes again after a crash",
                    "others were sent, so that some method depends on more than the saga's data");
        }
        return this;
    }

    private SagaConversation happen(String words, SagaEvent event) {
        settled();
        instance.forgetNews();
        instance.tell(words, event);
        return this;
    }

    /**
     * The command that was expected last, for assertions of the test's own.
     *
     * @throws AssertionError if there is none of that type
     */
    public <C extends Command<?>> C command(Class<C> type) {
        Command<?> command = replies.current().command();
        if (!type.isInstance(command)) {
            throw instance.failure("a " + type.getSimpleName(), "the command that was expected last is " + command);
        }
        return type.cast(command);
    }

    /**
     * The saga's data.
     *
     * @throws ClassCastException if it is of another type
     */
    public <D> D data(Class<D> type) {
        return type.cast(state().data());
    }

    /** The time in the conversation. */
    public Instant now() {
        return instance.now();
    }

    private SagaState state() {
        return instance.state();
    }

    private String existing(String step) {
        if (instance.definition().step(step).isEmpty()) {
            List<String> steps = instance.definition().steps().stream()
                    .map(StepDefinition::name)
                    .toList();
            throw instance.misuse("step '%s'".formatted(step), "the saga has only " + steps);
        }
        return step;
    }

    /** Nothing may go unnoticed. */
    private void settled() {
        if (instance.ignored() != null) {
            throw instance.failure("that the last event counts");
        }
        if (instance.news().stream().anyMatch(effect -> effect instanceof SendCommand send && send.attempt() == 1)) {
            throw instance.failure("no further command");
        }
    }

    private SagaConversation check(String expected, boolean holds) {
        if (!holds) {
            throw instance.failure(expected);
        }
        return this;
    }
}
