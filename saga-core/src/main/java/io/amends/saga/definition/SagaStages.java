package io.amends.saga.definition;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.Escalation;
import io.amends.saga.MigratesData;
import io.amends.saga.Reply;
import io.amends.saga.SearchAttribute;
import io.amends.saga.SubSaga;
import io.amends.saga.Success;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The stages of the builder: each offers only what may come next, so that a wrong order does not compile. */
public final class SagaStages {

    private SagaStages() {}

    /** A saga that has a name. */
    public interface Named {
        /** The version, 1 without this call. */
        Named version(int version);

        /** The time that an instance may take; none without this call. */
        Named deadline(Duration deadline);

        /** What follows when an instance is not done by its deadline; {@link Escalation#COMPENSATE} without this call. */
        Named onDeadline(Escalation escalation);

        /** Lets steps of other sagas start it, as {@link io.amends.saga.Saga#subSaga()} does. */
        Named asSubSaga();

        /** The type of the saga's data. */
        <D> BeforePivot<D> data(Class<D> type);
    }

    /**
     * What every stage with the data's type offers.
     *
     * @param <D> the data
     * @param <S> the stage itself
     */
    public interface Ending<D, S> {
        /** Runs in the transaction in which the saga completes. */
        S onCompleted(Consumer<D> hook);

        /** Runs in the transaction in which the saga is compensated. */
        S onCompensated(Consumer<D> hook);

        /** Runs in the transaction in which the saga turns back. */
        S onCompensating(Consumer<D> hook);

        /** Runs in the transaction in which the saga becomes stuck. */
        S onStuck(Consumer<D> hook);

        /**
         * A value by which instances are found: a string, a number, a UUID, an enum constant or an {@code Optional} of one
         * of them; null and empty mean none. See {@link SearchAttribute}.
         */
        S searchAttribute(String name, Function<D, ?> value);

        /**
         * Makes the data of that of another version, when an operator moves an instance to this one. See {@link MigratesData}.
         *
         * @param version the other version
         * @param data the type of its data
         */
        <O> S migratesData(int version, Class<O> data, Function<O, D> migrate);

        /** Takes replies of the last step into the data. */
        <R extends Reply> S onReply(Class<R> type, BiFunction<D, R, D> handler);

        /** How long a reply to the last step may take. */
        S timeout(Duration timeout);

        /** How the last step is tried again. */
        S retry(RetryPolicy policy);

        /** What follows once the last step's attempts are spent; {@link Escalation#COMPENSATE} without this call. */
        S onExhausted(Escalation escalation);

        /** How long a reply to the last step's compensation may take. */
        S compensationTimeout(Duration timeout);

        /** How the last step's compensation is tried again; once its attempts are spent, the saga is stuck. */
        S compensationRetry(RetryPolicy policy);

        /** By when the signal that the last step awaits is expected. */
        S sla(Duration sla);

        /**
         * Sends the last step's command only where the condition holds for the data; else the step is skipped. Not for
         * local steps, which decide for themselves what they do.
         */
        S onlyIf(Predicate<D> condition);

        /** Lets the next step run in parallel with the last one. */
        S alongside();

        /**
         * The definition.
         *
         * @throws InvalidSagaException with every problem that the compiler could not see
         */
        SagaDefinition build();
    }

    /** Before the pivot: steps need a compensation, and their commands may be rejected. */
    public interface BeforePivot<D> extends Ending<D, BeforePivot<D>> {
        /** A compensatable step. */
        <C extends Command<?>> Compensatable<D> step(
                String name, Class<C> command, Function<D, AddressedCommand<C>> make);

        /** A compensatable step whose command always goes to one participant. */
        <C extends Command<?>> Compensatable<D> step(
                String name, String participant, Class<C> command, Function<D, C> make);

        /** A compensatable step in the orchestrator's own transaction. */
        Compensatable<D> localStep(String name, UnaryOperator<D> run);

        /**
         * A step that starts another saga and waits for its end.
         *
         * @param saga the child's name
         * @param data the type of the child's data
         */
        <C> CompensatableChild<D> subSaga(String name, String saga, Class<C> data, Function<D, SubSaga<C>> make);

        /** Likewise, as the step that decides the saga. */
        <C> AfterPivot<D> pivotSubSaga(String name, String saga, Class<C> data, Function<D, SubSaga<C>> make);

        /** A step that waits for somebody's word: a success lets the saga go on, a rejection turns it back. */
        <R extends Reply> BeforePivot<D> awaitSignal(String name, String signal, Class<R> replies);

        /** The step that decides the saga. */
        <C extends Command<?>> AfterPivot<D> pivot(
                String name, Class<C> command, Function<D, AddressedCommand<C>> make);

        /** Likewise, with a command that always goes to one participant. */
        <C extends Command<?>> AfterPivot<D> pivot(
                String name, String participant, Class<C> command, Function<D, C> make);

        /** Likewise, in the orchestrator's own transaction. */
        AfterPivot<D> localPivot(String name, UnaryOperator<D> run);

        /** A step that must succeed; from here on, nothing may be rejected. */
        <C extends Command<? extends Success>> AfterPivot<D> retriable(
                String name, Class<C> command, Function<D, AddressedCommand<C>> make);

        /** Likewise, with a command that always goes to one participant. */
        <C extends Command<? extends Success>> AfterPivot<D> retriable(
                String name, String participant, Class<C> command, Function<D, C> make);

        /** Likewise, in the orchestrator's own transaction. */
        AfterPivot<D> retriableLocalStep(String name, UnaryOperator<D> run);
    }

    /** A compensatable step that still needs its compensation. */
    public interface Compensatable<D> {
        /** The command that undoes it. */
        <C extends Command<?>> BeforePivot<D> compensatedBy(Class<C> command, Function<D, AddressedCommand<C>> make);

        /** The command that undoes it, which always goes to one participant. */
        <C extends Command<?>> BeforePivot<D> compensatedBy(String participant, Class<C> command, Function<D, C> make);

        /** What undoes it in the orchestrator's own transaction. */
        BeforePivot<D> compensatedLocallyBy(UnaryOperator<D> run);
    }

    /** A step that starts a saga, and still needs the one that undoes it. */
    public interface CompensatableChild<D> {
        /** The saga that undoes the child once it has completed. */
        <C> BeforePivot<D> undoneBy(String saga, Class<C> data, Function<D, SubSaga<C>> make);
    }

    /** After the pivot: only steps whose commands can't be rejected. */
    public interface AfterPivot<D> extends Ending<D, AfterPivot<D>> {
        /** A step that must succeed. */
        <C extends Command<? extends Success>> AfterPivot<D> retriable(
                String name, Class<C> command, Function<D, AddressedCommand<C>> make);

        /** Likewise, with a command that always goes to one participant. */
        <C extends Command<? extends Success>> AfterPivot<D> retriable(
                String name, String participant, Class<C> command, Function<D, C> make);

        /** Likewise, in the orchestrator's own transaction. */
        AfterPivot<D> retriableLocalStep(String name, UnaryOperator<D> run);
    }
}
