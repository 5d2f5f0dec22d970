package io.amends.twopc;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the log holds of a transaction.
 *
 * @param transaction which one
 * @param outcome what was decided
 * @param coordinator who began it; part of its branches' names
 * @param branches the branches that were prepared; empty for an abort
 */
public record Decision(TransactionId transaction, Outcome outcome, String coordinator, List<Branch> branches) {

    /**
     * A prepared branch.
     *
     * @param participant its participant's name
     * @param xid what {@link Vote.Prepared} said
     */
    public record Branch(String participant, @Nullable String xid) {}

    public Decision {
        branches = List.copyOf(branches);
    }
}
