package io.amends.test.saga;

import io.amends.saga.Command;
import io.amends.saga.Rejection;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Decision;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.Moment;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaEffect;
import io.amends.saga.engine.SagaEffect.Alert;
import io.amends.saga.engine.SagaEffect.Announce;
import io.amends.saga.engine.SagaEffect.RunLocalStep;
import io.amends.saga.engine.SagaEffect.SendCommand;
import io.amends.saga.engine.SagaEngine;
import io.amends.saga.engine.SagaEvent;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One instance in memory: tells the engine what happened, carries out what it decides as the orchestrator does, and
 * keeps what the test has not spoken of yet. Used by one thread.
 */
final class Instance {

    private static final int MOST_TIMERS = 10_000;
    private static final int MOST_NEWS = 10;

    private record Key(String step, CommandKind kind) {}

    /** A transaction that may have to be repeated, and how everything was before it. */
    private record Transaction(
            Runnable work, SagaState state, Instant now, List<SagaEffect> news, Map<Key, SendCommand> asked) {}

    private final SagaDefinition definition;
    private final Copying copying;
    private final double chance;
    private final Transcript transcript;
    private final List<SagaEffect> news = new ArrayList<>();
    private final Map<Key, SendCommand> asked = new LinkedHashMap<>();
    private SagaState state;
    private Instant now;
    private @Nullable Transaction last;
    private @Nullable Disposition ignored;

    Instance(SagaDefinition definition, Copying copying, Instant start, double chance, Object data) {
        this.definition = definition;
        this.copying = copying;
        this.chance = chance;
        this.transcript = new Transcript(start);
        this.now = start;
        this.state = SagaState.initial(copying.copy(data));
    }

    SagaDefinition definition() {
        return definition;
    }

    SagaState state() {
        return state;
    }

    Instant now() {
        return now;
    }

    /** What became of the last event if it did not count, null otherwise. */
    @Nullable
    Disposition ignored() {
        return ignored;
    }

    void forgetIgnored() {
        ignored = null;
    }

    /** What the saga did since the last event and the test has not spoken of. */
    List<SagaEffect> news() {
        return List.copyOf(news);
    }

    void forgetNews() {
        news.clear();
    }

    /** The oldest news of that kind, which is spoken of now. */
    Optional<SagaEffect> take(Predicate<SagaEffect> which) {
        Optional<SagaEffect> found = news.stream().filter(which).findFirst();
        found.ifPresent(effect -> {
            news.remove(effect);
            last = null;
        });
        return found;
    }

    /** The command that was sent last for that step. */
    Optional<SendCommand> asked(String step, CommandKind kind) {
        return Optional.ofNullable(asked.get(new Key(step, kind)));
    }

    Object copy(Object value) {
        return copying.copy(value);
    }

    AssertionError failure(String expected, String happened) {
        return transcript.failure(expected, happened, state);
    }

    /** A failure of an expectation. */
    AssertionError failure(String expected) {
        return failure(
                expected,
                ignored != null
                        ? "the last event was ignored as %s; if that is right, say expectIgnored(%s)"
                                .formatted(ignored, ignored)
                        : news.isEmpty() ? "nothing more" : latestNews());
    }

    /** A failure of the test itself. */
    AssertionError misuse(String what, String why) {
        return failure("that %s makes sense here".formatted(what), why);
    }

    private String latestNews() {
        int left = Math.max(0, news.size() - MOST_NEWS);
        return (left == 0 ? "" : "%d others; ".formatted(left))
                + news.stream().skip(left).map(Instance::words).collect(Collectors.joining("; "));
    }

    void tell(String words, SagaEvent event) {
        transcript.happened(now, words);
        transact(() -> {
            Disposition disposition = takeIn(event);
            ignored = disposition == Disposition.ACCEPTED ? null : disposition;
            if (ignored != null) {
                transcript.did("ignored as " + ignored);
            }
        });
    }

    /** Writes down what the test is about to make happen. */
    void note(String words) {
        transcript.happened(now, words);
    }

    /** Goes to that moment; everything that is due on the way happens when it is due. */
    void passUntil(Instant end) {
        last = null;
        int timers = 0;
        for (Instant due = state.dueAt(); due != null && !due.isAfter(end); due = state.dueAt()) {
            if (++timers > MOST_TIMERS) {
                throw failure("everything that is due to be done some time", "something is due for ever");
            }
            if (due.isAfter(now)) {
                now = due;
                transcript.happened(now, "something is due");
            }
            transact(this::timeCame);
        }
        if (end.isAfter(now)) {
            now = end;
        }
    }

    private void timeCame() {
        // As many rounds as the orchestrator makes: each handles one step or the deadline.
        for (int round = 0; round < definition.steps().size() + 2; round++) {
            if (takeIn(new SagaEvent.TimeCame()) == Disposition.DUPLICATE) {
                return;
            }
        }
    }

    /** Repeats the last transaction as if it had not been; empty if there is none, else whether it came out the same. */
    Optional<Boolean> repeat() {
        Transaction lost = last;
        if (lost == null) {
            return Optional.empty();
        }
        List<SendCommand> first = commands(news.subList(lost.news().size(), news.size()));
        Instant later = now;
        state = lost.state();
        now = lost.now();
        news.clear();
        news.addAll(lost.news());
        asked.clear();
        asked.putAll(lost.asked());
        transcript.happened(now, "a crash before anything of this was stored; it comes again");
        transact(lost.work());
        now = later;
        return Optional.of(isSame(first, commands(news.subList(lost.news().size(), news.size()))));
    }

    private static List<SendCommand> commands(List<SagaEffect> effects) {
        return effects.stream()
                .filter(SendCommand.class::isInstance)
                .map(SendCommand.class::cast)
                .toList();
    }

    private static boolean isSame(List<SendCommand> one, List<SendCommand> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            SendCommand first = one.get(i);
            SendCommand second = other.get(i);
            if (!first.step().equals(second.step())
                    || !first.participant().equals(second.participant())
                    || !Copying.isSame(first.command(), second.command())) {
                return false;
            }
        }
        return true;
    }

    private void transact(Runnable work) {
        last = new Transaction(
                work, state.withData(copying.copy(state.data())), now, List.copyOf(news), new LinkedHashMap<>(asked));
        work.run();
        state = state.withData(copying.copy(state.data()));
    }

    /** Takes the event in, and runs local steps and those that follow from them. */
    private Disposition takeIn(SagaEvent event) {
        Deque<RunLocalStep> open = new ArrayDeque<>();
        Disposition disposition = decide(event, open);
        for (RunLocalStep next = open.poll(); next != null; next = open.poll()) {
            decide(run(next), open);
        }
        return disposition;
    }

    private Disposition decide(SagaEvent event, Deque<RunLocalStep> open) {
        Object before = copying.copy(state.data());
        Decision decision = SagaEngine.decide(definition, state, event, new Moment(now, chance));
        boolean moved = !decision.state().steps().equals(state.steps());
        // A method that threw may have changed mutable data in place before.
        state = moved ? decision.state() : decision.state().withData(before);
        for (SagaEffect effect : decision.effects()) {
            if (effect instanceof SendCommand send) {
                send(send);
            } else if (effect instanceof RunLocalStep run) {
                open.add(run);
            } else if (effect instanceof Announce announce) {
                // The state is further on already: a saga with nothing to compensate turns back and ends at once.
                transcript.did("the saga is " + announce.phase() + Transcript.reason(state));
                runHook(announce);
            } else if (effect instanceof Alert alert) {
                news.add(alert);
                transcript.did("alert %s: %s".formatted(alert.code(), alert.text()));
            }
        }
        return decision.disposition();
    }

    private void send(SendCommand send) {
        SendCommand read = new SendCommand(
                send.step(),
                send.kind(),
                send.participant(),
                (Command<?>) copying.copy(send.command()),
                send.attempt(),
                send.round());
        news.add(read);
        asked.put(new Key(read.step(), read.kind()), read);
        transcript.did(words(read));
    }

    private SagaEvent run(RunLocalStep next) {
        StepDefinition step = definition.step(next.step()).orElseThrow();
        boolean forward = next.kind() == CommandKind.ACTION;
        StepAction action = forward ? step.action() : step.compensation();
        if (!(action instanceof StepAction.Local local)) {
            throw new IllegalStateException("Step '%s' is not local.".formatted(next.step()));
        }
        Object before = copying.copy(state.data());
        news.add(next);
        try {
            SagaEvent went =
                    SagaEvent.localStep(next.step(), next.kind(), local.run().apply(state.data()));
            if (!(went instanceof SagaEvent.LocalStepRan ran)) {
                state = state.withData(before);
                transcript.did("%s answered with %s".formatted(words(next), ((SagaEvent.LocalStepThrew) went).error()));
                return went;
            }
            if (ran.reply() instanceof Rejection) {
                state = state.withData(before);
            }
            transcript.did("%s ran%s".formatted(words(next), ran.reply() == null ? "" : ": " + ran.reply()));
            return ran;
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
            // The same as the orchestrator takes for an error of the step.
            state = state.withData(before);
            transcript.did("%s threw %s".formatted(words(next), thrown));
            boolean permanent = (forward ? step.retry() : step.compensationRetry())
                    .permanent()
                    .test(thrown);
            return new SagaEvent.LocalStepThrew(next.step(), next.kind(), thrown.toString(), permanent);
        }
    }

    private void runHook(Announce announce) {
        SagaPhase phase = announce.phase();
        Consumer<Object> hook = switch (phase) {
            case COMPLETED -> definition.hooks().onCompleted();
            case COMPENSATED -> definition.hooks().onCompensated();
            case COMPENSATING -> definition.hooks().onCompensating();
            case STUCK -> definition.hooks().onStuck();
            case RUNNING -> null;
        };
        if (hook == null) {
            return;
        }
        news.add(announce);
        try {
            hook.accept(state.data());
            transcript.did("the hook for %s ran".formatted(phase));
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
            String reason = "the hook for %s threw %s".formatted(phase, thrown);
            transcript.did(reason);
            if (phase.isTerminal()) {
                state = state.stuck(ReasonCode.NON_RETRYABLE, reason);
                transcript.did("the saga is " + state.phase() + Transcript.reason(state));
            }
        }
    }

    static String words(SagaEffect effect) {
        if (effect instanceof SendCommand send) {
            return "-> %s: %s (%s of %s%s)"
                    .formatted(
                            send.participant(),
                            send.command(),
                            send.kind().wireName(),
                            send.step(),
                            send.attempt() == 1 ? "" : ", attempt " + send.attempt());
        }
        if (effect instanceof RunLocalStep run) {
            return (run.kind() == CommandKind.ACTION ? "the local step " : "the local compensation of ") + run.step();
        }
        return effect instanceof Alert alert
                ? "an alert %s".formatted(alert.code())
                : "the hook for %s".formatted(((Announce) effect).phase());
    }
}
