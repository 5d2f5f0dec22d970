package io.amends.saga.definition;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.Escalation;
import io.amends.saga.Reply;
import io.amends.saga.Signal;
import io.amends.saga.StepKind;
import io.amends.saga.SubSaga;
import io.amends.saga.Success;
import io.amends.saga.definition.SagaStages.AfterPivot;
import io.amends.saga.definition.SagaStages.BeforePivot;
import io.amends.saga.definition.SagaStages.Compensatable;
import io.amends.saga.definition.SagaStages.CompensatableChild;
import io.amends.saga.definition.SagaStages.Ending;
import io.amends.saga.definition.SagaStages.Named;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The one object behind the builder's stages. Not safe for use by many threads. */
final class SagaBuilder<D> {

    private final SagaDraft draft;
    private final Class<D> dataType;
    private final TypedActions<D> actions;
    private final Before before = new Before();
    private final After after = new After();
    private int order;
    private boolean parallel;

    private SagaBuilder(SagaDraft draft, Class<D> dataType) {
        this.draft = draft;
        this.dataType = dataType;
        this.actions = new TypedActions<>(draft.where, dataType);
        draft.takesData(dataType, draft.where);
    }

    static <D> BeforePivot<D> of(SagaDraft draft, Class<D> dataType) {
        return new SagaBuilder<>(draft, dataType).before;
    }

    static Named named(String name) {
        return new SagaBuilderStart(name);
    }

    private void add(String name, StepKind kind, StepAction action) {
        if (!parallel || order == 0) {
            order++;
        }
        parallel = false;
        draft.steps.add(new SagaDraft.Step(
                name, order, kind, SagaDraft.Action.of(action), SagaDraft.Trying.DEFAULT, actions.where(name)));
    }

    private SagaDraft.Step last(String what) {
        if (draft.steps.isEmpty()) {
            throw new IllegalStateException("%s belongs to a step; declare the step first.".formatted(what));
        }
        return draft.steps.get(draft.steps.size() - 1);
    }

    @SuppressWarnings("UnusedMethod") // what a subclass's interface asks for is implemented here
    private abstract class Stage<S> implements Ending<D, S> {

        abstract S self();

        @Override
        public S onCompleted(Consumer<D> hook) {
            Hooks known = draft.hooks;
            draft.hooks = new Hooks(erased(hook), known.onCompensated(), known.onCompensating(), known.onStuck());
            return self();
        }

        @Override
        public S onCompensated(Consumer<D> hook) {
            Hooks known = draft.hooks;
            draft.hooks = new Hooks(known.onCompleted(), erased(hook), known.onCompensating(), known.onStuck());
            return self();
        }

        @Override
        public S onCompensating(Consumer<D> hook) {
            Hooks known = draft.hooks;
            draft.hooks = new Hooks(known.onCompleted(), known.onCompensated(), erased(hook), known.onStuck());
            return self();
        }

        @Override
        public S onStuck(Consumer<D> hook) {
            Hooks known = draft.hooks;
            draft.hooks = new Hooks(known.onCompleted(), known.onCompensated(), known.onCompensating(), erased(hook));
            return self();
        }

        @Override
        public S searchAttribute(String name, Function<D, ?> value) {
            draft.attributes.add(new SagaDraft.Attribute(
                    AttributeDefinition.of(name, data -> value.apply(dataType.cast(data))), draft.where));
            return self();
        }

        @Override
        public <O> S migratesData(int version, Class<O> data, Function<O, D> migrate) {
            DataMigration migration = new DataMigration(
                    version, data, old -> Objects.requireNonNull(migrate.apply(data.cast(old)), "data is never null"));
            draft.migrations.add(new SagaDraft.Migrating(migration, dataType, draft.where));
            return self();
        }

        private Consumer<Object> erased(Consumer<D> hook) {
            return data -> hook.accept(dataType.cast(data));
        }

        @Override
        public <R extends Reply> S onReply(Class<R> type, BiFunction<D, R, D> handler) {
            SagaDraft.Step step = last("onReply");
            draft.replyHandlers.add(new SagaDraft.Taking(
                    step.name(),
                    new ReplyHandler(
                            type,
                            (data, reply) ->
                                    actions.made(step.name(), handler.apply(dataType.cast(data), type.cast(reply)))),
                    step.where()));
            return self();
        }

        @Override
        public S timeout(Duration timeout) {
            SagaDraft.Step step = last("timeout");
            replaceLast(step, step.action(), step.trying().timeout(timeout));
            return self();
        }

        @Override
        public S retry(RetryPolicy policy) {
            SagaDraft.Step step = last("retry");
            replaceLast(step, step.action(), step.trying().retry(policy));
            return self();
        }

        @Override
        public S onExhausted(Escalation escalation) {
            SagaDraft.Step step = last("onExhausted");
            replaceLast(step, step.action(), step.trying().onExhausted(escalation));
            return self();
        }

        @Override
        public S compensationTimeout(Duration timeout) {
            return compensation("compensationTimeout", trying -> trying.timeout(timeout));
        }

        @Override
        public S compensationRetry(RetryPolicy policy) {
            return compensation("compensationRetry", trying -> trying.retry(policy));
        }

        private S compensation(String what, UnaryOperator<SagaDraft.Trying> change) {
            SagaDraft.Step step = last(what);
            if (draft.compensations.stream().noneMatch(undo -> undo.of().equals(step.name()))) {
                draft.problem(
                        ProblemCode.BAD_SIGNATURE,
                        step.where(),
                        "step '%s' has no compensation that %s could be for.".formatted(step.name(), what),
                        "Remove it, or move it behind the step that it belongs to.");
            }
            draft.compensations.replaceAll(undo -> undo.of().equals(step.name())
                    ? new SagaDraft.Undo(undo.of(), undo.action(), change.apply(undo.trying()), undo.where())
                    : undo);
            return self();
        }

        @Override
        public S sla(Duration sla) {
            SagaDraft.Step step = last("sla");
            replaceLast(step, step.action(), step.trying().sla(sla));
            return self();
        }

        @Override
        public S onlyIf(Predicate<D> condition) {
            SagaDraft.Step step = last("onlyIf");
            SagaDraft.Action action = step.action();
            if (action != null && action.does() instanceof StepAction.Await await) {
                StepAction conditional = new StepAction.Await(
                        await.replyType(),
                        data -> condition.test(dataType.cast(data))
                                ? await.signal().apply(data)
                                : Optional.empty());
                replaceLast(step, SagaDraft.Action.of(conditional), step.trying());
            } else if (action != null && action.does() instanceof StepAction.Remote remote) {
                StepAction conditional = new StepAction.Remote(
                        remote.commandType(),
                        remote.participant(),
                        data -> condition.test(dataType.cast(data))
                                ? remote.command().apply(data)
                                : Optional.empty(),
                        remote.starts());
                replaceLast(step, SagaDraft.Action.of(conditional), step.trying());
            } else {
                draft.problem(
                        ProblemCode.BAD_SIGNATURE,
                        step.where(),
                        "the local step '%s' cannot be skipped with onlyIf.".formatted(step.name()),
                        "Let its function return the data unchanged.");
            }
            return self();
        }

        private void replaceLast(SagaDraft.Step step, SagaDraft.@Nullable Action action, SagaDraft.Trying trying) {
            draft.steps.set(
                    draft.steps.size() - 1,
                    new SagaDraft.Step(step.name(), step.order(), step.kind(), action, trying, step.where()));
        }

        @Override
        public S alongside() {
            last("alongside");
            parallel = true;
            return self();
        }

        @Override
        public SagaDefinition build() {
            return draft.define();
        }

        public <C extends Command<? extends Success>> AfterPivot<D> retriable(
                String name, Class<C> command, Function<D, AddressedCommand<C>> make) {
            add(name, StepKind.RETRIABLE, actions.remote(name, command, make));
            return after;
        }

        public <C extends Command<? extends Success>> AfterPivot<D> retriable(
                String name, String participant, Class<C> command, Function<D, C> make) {
            add(name, StepKind.RETRIABLE, actions.remote(name, participant, command, make));
            return after;
        }

        public AfterPivot<D> retriableLocalStep(String name, UnaryOperator<D> run) {
            add(name, StepKind.RETRIABLE, actions.local(name, run));
            return after;
        }
    }

    private final class Before extends Stage<BeforePivot<D>> implements BeforePivot<D> {

        @Override
        BeforePivot<D> self() {
            return this;
        }

        @Override
        public <C extends Command<?>> Compensatable<D> step(
                String name, Class<C> command, Function<D, AddressedCommand<C>> make) {
            add(name, StepKind.COMPENSATABLE, actions.remote(name, command, make));
            return new Undo(name);
        }

        @Override
        public <C extends Command<?>> Compensatable<D> step(
                String name, String participant, Class<C> command, Function<D, C> make) {
            add(name, StepKind.COMPENSATABLE, actions.remote(name, participant, command, make));
            return new Undo(name);
        }

        @Override
        public Compensatable<D> localStep(String name, UnaryOperator<D> run) {
            add(name, StepKind.COMPENSATABLE, actions.local(name, run));
            return new Undo(name);
        }

        @Override
        public <C> CompensatableChild<D> subSaga(
                String name, String saga, Class<C> data, Function<D, SubSaga<C>> make) {
            add(name, StepKind.COMPENSATABLE, actions.starting(name, saga, saga, data, make));
            return new UndoChild(name, saga);
        }

        @Override
        public <C> AfterPivot<D> pivotSubSaga(String name, String saga, Class<C> data, Function<D, SubSaga<C>> make) {
            add(name, StepKind.PIVOT, actions.starting(name, saga, saga, data, make));
            return after;
        }

        @Override
        public <R extends Reply> BeforePivot<D> awaitSignal(String name, String signal, Class<R> replies) {
            add(
                    name,
                    StepKind.COMPENSATABLE,
                    new StepAction.Await(replies, data -> Optional.of(Signal.awaited(signal))));
            return this;
        }

        @Override
        public <C extends Command<?>> AfterPivot<D> pivot(
                String name, Class<C> command, Function<D, AddressedCommand<C>> make) {
            add(name, StepKind.PIVOT, actions.remote(name, command, make));
            return after;
        }

        @Override
        public <C extends Command<?>> AfterPivot<D> pivot(
                String name, String participant, Class<C> command, Function<D, C> make) {
            add(name, StepKind.PIVOT, actions.remote(name, participant, command, make));
            return after;
        }

        @Override
        public AfterPivot<D> localPivot(String name, UnaryOperator<D> run) {
            add(name, StepKind.PIVOT, actions.local(name, run));
            return after;
        }
    }

    private final class After extends Stage<AfterPivot<D>> implements AfterPivot<D> {

        @Override
        AfterPivot<D> self() {
            return this;
        }
    }

    private final class Undo implements Compensatable<D> {
        private final String step;

        Undo(String step) {
            this.step = step;
        }

        @Override
        public <C extends Command<?>> BeforePivot<D> compensatedBy(
                Class<C> command, Function<D, AddressedCommand<C>> make) {
            draft.compensations.add(new SagaDraft.Undo(
                    step,
                    SagaDraft.Action.of(actions.remote(step, command, make)),
                    SagaDraft.Trying.DEFAULT,
                    actions.where(step)));
            return before;
        }

        @Override
        public <C extends Command<?>> BeforePivot<D> compensatedBy(
                String participant, Class<C> command, Function<D, C> make) {
            StepAction undo = actions.remote(step, participant, command, make);
            draft.compensations.add(
                    new SagaDraft.Undo(step, SagaDraft.Action.of(undo), SagaDraft.Trying.DEFAULT, actions.where(step)));
            return before;
        }

        @Override
        public BeforePivot<D> compensatedLocallyBy(UnaryOperator<D> run) {
            draft.compensations.add(new SagaDraft.Undo(
                    step,
                    SagaDraft.Action.of(actions.local(step, run)),
                    SagaDraft.Trying.DEFAULT,
                    actions.where(step)));
            return before;
        }
    }

    private final class UndoChild implements CompensatableChild<D> {
        private final String step;
        private final String child;

        UndoChild(String step, String child) {
            this.step = step;
            this.child = child;
        }

        @Override
        public <C> BeforePivot<D> undoneBy(String saga, Class<C> data, Function<D, SubSaga<C>> make) {
            StepAction undo = actions.starting(step, child, saga, data, make);
            draft.compensations.add(
                    new SagaDraft.Undo(step, SagaDraft.Action.of(undo), SagaDraft.Trying.DEFAULT, actions.where(step)));
            return before;
        }
    }
}
