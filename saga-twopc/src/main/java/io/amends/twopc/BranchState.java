package io.amends.twopc;

/** What became of a branch, as far as its participant knows. */
public enum BranchState {
    /** Its writes are there. */
    COMMITTED,
    /** Its writes are gone. */
    ROLLED_BACK,
    /** Not ended yet, or somebody else is ending it this moment; look again later. */
    UNSETTLED,
    /** It is not there, and the participant can't tell any more what became of it. */
    UNKNOWN
}
