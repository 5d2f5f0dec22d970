package io.amends.saga;

/** What may happen to a step once the saga turns back. */
public enum StepKind {
    /** Can be undone by its compensation; stands before the pivot. */
    COMPENSATABLE,
    /** Decides the saga: until it succeeds the saga may compensate, afterwards it only goes forward. At most one. */
    PIVOT,
    /** Stands after the pivot (or needs no undoing); repeated until it succeeds, so its command may not be rejectable. */
    RETRIABLE
}
