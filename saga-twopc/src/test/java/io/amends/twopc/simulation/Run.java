package io.amends.twopc.simulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came of a run.
 *
 * @param scenario what chance had decided
 * @param states where each process is at the end
 * @param ends how processes ended at any time, also if they changed their minds
 * @param voted the banks that voted yes
 * @param crashed the processes that crashed
 * @param longestInDoubt for each bank the longest time, in ticks, that it was up and waited for a decision
 * @param trace what happened
 */
record Run(
        Scenario scenario,
        Map<String, State> states,
        Set<State> ends,
        Set<String> voted,
        Set<String> crashed,
        Map<String, Integer> longestInDoubt,
        Trace trace) {

    /** What is wrong with it whatever went wrong around it. */
    Optional<String> violation() {
        if (ends.contains(State.COMMITTED) && ends.contains(State.ABORTED)) {
            return Optional.of("one commits and another one aborts");
        }
        if (ends.contains(State.COMMITTED) && !voted.containsAll(scenario.bankNames())) {
            return Optional.of("it commits though a bank did not agree");
        }
        return Optional.empty();
    }

    boolean splits() {
        return ends.contains(State.COMMITTED) && ends.contains(State.ABORTED);
    }

    /** The banks that have not ended. */
    List<String> unfinished() {
        return scenario.bankNames().stream()
                .filter(bank -> !state(bank).ended())
                .toList();
    }

    State state(String process) {
        return states.getOrDefault(process, State.WORKING);
    }

    int inDoubt(String bank) {
        return longestInDoubt.getOrDefault(bank, 0);
    }
}
