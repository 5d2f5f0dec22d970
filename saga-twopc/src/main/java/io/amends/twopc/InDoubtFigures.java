package io.amends.twopc;

import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a round of recovery has left in doubt at the participants that answered, for metrics.
 *
 * @param branches how many; without those of transactions that this process is at
 * @param oldest how long ago the oldest of them was prepared; zero if there is none
 */
public record InDoubtFigures(int branches, Duration oldest) {

    static final InDoubtFigures NONE = new InDoubtFigures(0, Duration.ZERO);

    static InDoubtFigures of(Inventory inventory, Map<Gid, BranchState> ended, Predicate<TransactionId> running) {
        int branches = 0;
        Duration oldest = Duration.ZERO;
        for (var found : inventory.found().values()) {
            for (Inventory.Found branch : found) {
                BranchState state = ended.getOrDefault(branch.gid(), BranchState.UNSETTLED);
                if (state == BranchState.UNSETTLED && !running.test(branch.gid().transaction())) {
                    branches++;
                    oldest = branch.age().compareTo(oldest) > 0 ? branch.age() : oldest;
                }
            }
        }
        return new InDoubtFigures(branches, oldest);
    }
}
