package io.amends.saga.definition;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.Reply;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import io.amends.saga.definition.SagaStages.AfterPivot;
import io.amends.saga.definition.SagaStages.BeforePivot;
import io.amends.saga.definition.SagaStages.Compensatable;
import io.amends.saga.definition.SagaStages.Ending;
import io.amends.saga.definition.SagaStages.Named;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The one object behind the builder's stages. Not safe for use by many threads. */
final class SagaBuilder<D> {

    private final SagaDraft draft;
    private final Class<D> dataType;
    private final Before before = new Before();
    private final After after = new After();
    private int order;
    private boolean parallel;

    private SagaBuilder(SagaDraft draft, Class<D> dataType) {
        this.draft = draft;
        this.dataType = dataType;
        draft.takesData(dataType, draft.where);
    }

    static Named named(String name) {
        return new Start(name);
    }

    private static final class Start implements Named {
        private final String name;
        private int version = 1;
        private @Nullable Duration deadline;

        Start(String name) {
            this.name = name;
        }

        @Override
        public Named version(int number) {
            version = number;
            return this;
        }

        @Override
        public Named deadline(Duration limit) {
            deadline = limit;
            return this;
        }

        @Override
        public <D> BeforePivot<D> data(Class<D> type) {
            SagaDraft draft = new SagaDraft("saga '%s'".formatted(name), name, version);
            draft.deadline = deadline;
            return new SagaBuilder<>(draft, type).before;
        }
    }

    private void add(String name, StepKind kind, StepAction action) {
        if (!parallel || order == 0) {
            order++;
        }
        parallel = false;
        draft.steps.add(new SagaDraft.Step(name, order, kind, SagaDraft.Action.of(action), null, where(name)));
    }

    private <C extends Command<?>> StepAction remote(Class<C> type, Function<D, AddressedCommand<C>> make) {
        return new StepAction.Remote(type, null, data -> Optional.of(make.apply(dataType.cast(data))));
    }

    private StepAction local(UnaryOperator<D> run) {
        return new StepAction.Local(data -> new LocalResult(run.apply(dataType.cast(data)), null));
    }

    private SagaDraft.Step last(String what) {
        if (draft.steps.isEmpty()) {
            throw new IllegalStateException("%s belongs to a step; declare the step first.".formatted(what));
        }
        return draft.steps.get(draft.steps.size() - 1);
    }

    private String where(String step) {
        return "%s, step '%s'".formatted(draft.where, step);
    }

    private abstract class Stage<S> implements Ending<D, S> {

        abstract S self();

        @Override
        public S onCompleted(Consumer<D> hook) {
            draft.onCompleted = data -> hook.accept(dataType.cast(data));
            return self();
        }

        @Override
        public S onCompensated(Consumer<D> hook) {
            draft.onCompensated = data -> hook.accept(dataType.cast(data));
            return self();
        }

        @Override
        public <R extends Reply> S onReply(Class<R> type, BiFunction<D, R, D> handler) {
            SagaDraft.Step step = last("onReply");
            draft.replyHandlers.add(new SagaDraft.Taking(
                    step.name(),
                    new ReplyHandler(type, (data, reply) -> handler.apply(dataType.cast(data), type.cast(reply))),
                    step.where()));
            return self();
        }

        @Override
        public S timeout(Duration timeout) {
            SagaDraft.Step step = last("timeout");
            draft.steps.set(
                    draft.steps.size() - 1,
                    new SagaDraft.Step(step.name(), step.order(), step.kind(), step.action(), timeout, step.where()));
            return self();
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
            add(name, StepKind.RETRIABLE, remote(command, make));
            return after;
        }

        public AfterPivot<D> retriableLocalStep(String name, UnaryOperator<D> run) {
            add(name, StepKind.RETRIABLE, local(run));
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
            add(name, StepKind.COMPENSATABLE, remote(command, make));
            return new Undo(name);
        }

        @Override
        public Compensatable<D> localStep(String name, UnaryOperator<D> run) {
            add(name, StepKind.COMPENSATABLE, local(run));
            return new Undo(name);
        }

        @Override
        public <C extends Command<?>> AfterPivot<D> pivot(
                String name, Class<C> command, Function<D, AddressedCommand<C>> make) {
            add(name, StepKind.PIVOT, remote(command, make));
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
            draft.compensations.add(new SagaDraft.Undo(step, SagaDraft.Action.of(remote(command, make)), where(step)));
            return before;
        }

        @Override
        public BeforePivot<D> compensatedLocallyBy(UnaryOperator<D> run) {
            draft.compensations.add(new SagaDraft.Undo(step, SagaDraft.Action.of(local(run)), where(step)));
            return before;
        }
    }
}
