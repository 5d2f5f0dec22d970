package io.amends.twopc;

/**
 * A branch that did not end as was decided, since somebody else ended it; or nobody knows how it ended.
 *
 * @param transaction which one
 * @param decided what was decided
 * @param coordinator who began it
 * @param participant where the branch is
 * @param found what became of the branch: COMMITTED, ROLLED_BACK or UNKNOWN
 */
public record HeuristicOutcome(
        TransactionId transaction, Outcome decided, String coordinator, String participant, BranchState found) {}
