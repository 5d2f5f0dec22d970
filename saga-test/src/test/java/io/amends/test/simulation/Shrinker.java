package io.amends.test.simulation;

import io.amends.test.simulation.Run.Setting;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a failing run smaller: fewer faults that still break it, by Zeller's ddmin with a limit. What a fault changes
 * changes what comes after it, so that the result is small, not the smallest.
 */
final class Shrinker {

    private static final int MOST_RUNS = 300;

    private final Setting setting;
    private Run smallest;
    private int runs;

    private Shrinker(Setting setting, Run failed) {
        this.setting = setting;
        this.smallest = failed;
    }

    static Run shrink(Setting setting, Run failed) {
        return new Shrinker(setting, failed).shrunk();
    }

    private Run shrunk() {
        int parts = 2;
        while (smallest.faults().size() > 1 && runs < MOST_RUNS) {
            List<Integer> faults = smallest.faults();
            int size = Math.max(1, (faults.size() + parts - 1) / parts);
            boolean shrank = false;
            for (int from = 0; from < faults.size() && !shrank && runs < MOST_RUNS; from += size) {
                List<Integer> rest = new ArrayList<>(faults.subList(0, from));
                rest.addAll(faults.subList(Math.min(faults.size(), from + size), faults.size()));
                shrank = fails(rest);
            }
            if (shrank) {
                parts = Math.max(2, parts - 1);
            } else if (size == 1) {
                break;
            } else {
                parts = Math.min(faults.size(), parts * 2);
            }
        }
        return smallest;
    }

    private boolean fails(List<Integer> faults) {
        runs++;
        Run run = Run.of(setting, smallest.seed(), faults);
        if (run.failed() && run.faults().size() < smallest.faults().size()) {
            smallest = run;
            return true;
        }
        return false;
    }
}
