package io.amends.runtime.observation;

import io.amends.runtime.wire.SagaMessage;
import java.util.List;

/**
 * Sees what the orchestrator and the participants do, for traces and meters. Called for every message: it must be quick, go
 * nowhere, and throw nothing. Safe for use by many threads.
 */
public interface SagaObserver {

    /** Sees nothing. */
    SagaObserver NONE = new SagaObserver() {};

    /** Something that is under way on this thread. Ended once, by the thread that began it; the last begun is ended first. */
    interface Work {

        /** Nobody looks. */
        Work UNSEEN = new Work() {};

        /** What came of it: one of a few words. */
        default void came(String outcome) {}

        /** What ended it early. */
        default void threw(Throwable thrown) {}

        /** It is over. */
        default void end() {}
    }

    /**
     * A saga is about to be started; it came to {@code started}, or {@code known} if its key was taken by the same.
     *
     * @param version the definition's version
     */
    default Work starts(String saga, int version) {
        return Work.UNSEEN;
    }

    /**
     * A handler is about to run. It came to {@code success}, {@code rejection}, {@code later} if it deferred or waits for a
     * lock, or {@code again} if what it did was undone and it is run once more. Its transaction commits later, or does not.
     */
    default Work handles(String participant, SagaMessage command) {
        return Work.UNSEEN;
    }

    /**
     * A reply is about to be taken; it came to a {@link io.amends.saga.engine.Disposition}, in lower case.
     *
     * @param saga the name of the definition whose instance it is for
     */
    default Work takes(String saga, SagaMessage reply) {
        return Work.UNSEEN;
    }

    /** What a transaction has made true, once it has committed. A crash may lose a call. */
    default void committed(List<Milestone> milestones) {}

    /** Both see the same; this one first. */
    default SagaObserver and(SagaObserver other) {
        if (this == NONE || other == NONE) {
            return this == NONE ? other : this;
        }
        return new TwoObservers(this, other);
    }
}
