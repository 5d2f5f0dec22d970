package io.amends.dashboard.audit;

/** What came of an operator's order, as far as it can be told. Accepted is not yet done, and sent is not yet a success. */
public enum ActionState {
    /** It was carried out here; what it set going has not been sent yet. */
    ACCEPTED,
    /** What it set going was sent; no answer yet that settles it. */
    ATTEMPTED,
    /** The saga went on: everything that was set going was answered, or the order was of a kind that is done at once. */
    PROGRESSED,
    /** What was set going failed as before. */
    FAILED_AGAIN,
    /** Nothing came of it within the time that the steps may take. */
    NO_EFFECT,
    /** It was not carried out. */
    REFUSED,
    /** It was not an order to a saga. */
    NOTED;

    /** Whether it stays like that. */
    public boolean isFinal() {
        return this != ACCEPTED && this != ATTEMPTED;
    }
}
