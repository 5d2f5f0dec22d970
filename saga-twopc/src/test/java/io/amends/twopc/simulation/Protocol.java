package io.amends.twopc.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A protocol of atomic commitment, possibly broken. */
record Protocol(Phases phases, Defect defect) {

    enum Phases {
        TWO,
        THREE
    }

    static final Protocol TWO_PHASES = new Protocol(Phases.TWO, Defect.NONE);
    static final Protocol THREE_PHASES = new Protocol(Phases.THREE, Defect.NONE);

    static Protocol twoPhasesWith(Defect defect) {
        return new Protocol(Phases.TWO, defect);
    }

    static Protocol threePhasesWith(Defect defect) {
        return new Protocol(Phases.THREE, defect);
    }

    /** By name, the coordinator first. */
    Map<String, Process> processes(Scenario scenario) {
        String coordinator = Scenario.COORDINATOR;
        List<String> banks = scenario.bankNames();
        Map<String, Process> processes = new LinkedHashMap<>();
        processes.put(
                coordinator,
                phases == Phases.TWO ? TwoPhaseCoordinator.of(banks, defect) : ThreePhaseCoordinator.of(banks, defect));
        for (int i = 0; i < banks.size(); i++) {
            String bank = banks.get(i);
            boolean refuses = scenario.refusing().contains(bank);
            List<String> others =
                    banks.stream().filter(other -> !other.equals(bank)).toList();
            processes.put(
                    bank,
                    phases == Phases.TWO
                            ? TwoPhaseBank.of(coordinator, refuses, defect)
                            : ThreePhaseBank.of(i, coordinator, others, refuses, defect));
        }
        return processes;
    }
}
