package io.amends.runtime.observation;

import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;

/** Something that became true of a saga and was committed. */
public sealed interface Milestone {

    /** The definition's name. */
    String saga();

    /** It was started. */
    record Started(String saga) implements Milestone {}

    /** It turned back and compensates from now on. */
    record TurnedBack(String saga, ReasonCode why) implements Milestone {}

    /** Nothing moves it on by itself any longer. */
    record GotStuck(String saga, ReasonCode why) implements Milestone {}

    /**
     * It ended.
     *
     * @param as {@link SagaPhase#COMPLETED} or {@link SagaPhase#COMPENSATED}
     * @param took since it was started
     */
    record Ended(String saga, SagaPhase as, Duration took) implements Milestone {}

    /**
     * A step's action or compensation is open no longer.
     *
     * @param outcome what came of it; an error if it was given up, or was answered by nobody
     * @param took since it was asked for first
     */
    record StepEnded(String saga, String step, CommandKind kind, Outcome outcome, Duration took) implements Milestone {}

    /** A step's action or compensation was tried once more. */
    record TriedAgain(String saga, String step, CommandKind kind) implements Milestone {}
}
