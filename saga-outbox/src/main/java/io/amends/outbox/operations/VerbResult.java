package io.amends.outbox.operations;

/**
 * What came of an order about one parked record.
 *
 * @param outcome for programs
 * @param said for people: what was done, or why not and what to do
 */
public record VerbResult(Outcome outcome, String said) {

    /** What can come of it. */
    public enum Outcome {
        /** It is done and recorded. */
        DONE,
        /** There is no such parked record: it was published or discarded. Nothing was changed. */
        NOT_FOUND,
        /** The record waits behind a refused one of its key. Nothing was changed. */
        WAITS_BEHIND,
        /** Its key was released already, and the relay is about to publish it. Nothing was changed. */
        RELEASED,
        /** The edited record could not be sent. Nothing was changed. */
        UNSENDABLE,
        /** The edited record's new topic has parked records of the same key. Nothing was changed. */
        TARGET_PARKED
    }
}
