package io.amends.twopc;

import org.slf4j.Logger;

/** Words for what should not be. */
final class Heuristics {

    private Heuristics() {}

    static void tell(Logger log, HeuristicOutcome found) {
        log.error(
                "Transaction {} is not atomic: its decision is {}, and its branch at participant {} is {}. Somebody ended the branch by hand, or its database lost it. Repair the data, then delete the row in twopc_heuristic.",
                found.transaction(),
                found.decided(),
                found.participant(),
                switch (found.found()) {
                    case COMMITTED -> "committed";
                    case ROLLED_BACK -> "rolled back";
                    case UNSETTLED, UNKNOWN -> "gone, and nobody knows how it ended";
                });
    }
}
