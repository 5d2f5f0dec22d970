package io.amends.test.simulation;

import io.amends.runtime.SagaOperations.Order;
import io.amends.runtime.participant.RedeliverySettings;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One simulated run of the banks.
 *
 * @param seed what it follows from
 * @param violations what broke, empty if nothing did
 * @param faults the numbers of the faults that struck
 * @param ended how many sagas ended
 * @param endings which sagas ended how, such as {@code fan COMPENSATED}
 * @param trace what was sent, as one number: the same for the same run
 */
record Run(long seed, List<String> violations, List<Integer> faults, int ended, Set<String> endings, int trace) {

    private static final Order ORDER = new Order("simulator", "it may work now", null);

    /** So long that a deadline passes while a command waits for its next delivery. */
    private static final RedeliverySettings PATIENT =
            new RedeliverySettings(6, Duration.ofSeconds(20), Duration.ofMinutes(2), Duration.ofMillis(200));

    /** What is looked for. */
    enum Mode {
        /** Faults to the end; what must hold at any moment. */
        SAFETY,
        /** Faults for a while, then none; everything ends. */
        LIVENESS
    }

    /** How a run is made. */
    record Setting(Mode mode, Parts parts, Faults faults, boolean remembersBalances) {

        static Setting of(Mode mode) {
            return new Setting(mode, Parts.sound(), Faults.some(), false);
        }

        Setting with(Parts other) {
            return new Setting(mode, other, faults, remembersBalances);
        }

        Setting with(Faults other) {
            return new Setting(mode, parts, other, remembersBalances);
        }

        Setting rememberingBalances() {
            return new Setting(mode, parts, faults, true);
        }
    }

    static Run of(Setting setting, long seed) {
        return of(setting, seed, null);
    }

    static Run of(Setting setting, long seed, @Nullable List<Integer> onlyFaults) {
        Banking banking = new Banking(setting.remembersBalances(), seed);
        SimulationBuilder builder = Simulation.of(
                        banking.chain(),
                        banking.fan(),
                        banking.decided(),
                        banking.parent(),
                        banking.errand(),
                        banking.recall())
                .saga(banking::approved)
                .client(banking::act)
                .client(banking::approve)
                .redelivery(PATIENT)
                .faults(setting.faults())
                .parts(setting.parts())
                .seed(seed);
        Banking.BANKS.forEach(bank -> builder.participant(bank, database -> banking.new Bank(database))
                .clerk(bank, (database, replies, random) -> banking.new Bank(database).decide(replies, random)));
        if (onlyFaults != null) {
            builder.onlyFaults(onlyFaults);
        }
        Simulation simulation = builder.build();
        banking.clock(simulation::now);
        for (int round = 0; round < 4; round++) {
            simulation.run(250);
            retryStuck(simulation);
        }
        List<String> violations = new ArrayList<>(Checks.safety(simulation, banking));
        if (setting.mode() == Mode.LIVENESS) {
            violations.addAll(healed(simulation, banking));
        }
        int ended = (int) simulation.store().all().stream()
                .filter(saga -> saga.phase().isTerminal())
                .count();
        Set<String> endings = new TreeSet<>();
        simulation.store().all().stream()
                .filter(saga -> saga.phase().isTerminal())
                .forEach(saga -> endings.add(saga.name() + " " + saga.phase()));
        int trace = simulation.sent().stream()
                .map(message -> message.id() + message.topic())
                .toList()
                .hashCode();
        return new Run(seed, violations, simulation.faultsThatStruck(), ended, endings, trace);
    }

    private static List<String> healed(Simulation simulation, Banking banking) {
        List<String> violations = new ArrayList<>();
        simulation.heal();
        banking.giveIn();
        for (int round = 0; round < 5; round++) {
            if (!simulation.untilQuiet(Duration.ofHours(12))) {
                violations.add("P9: not quiet 12 hours after the last fault");
                return violations;
            }
            retryStuck(simulation);
        }
        violations.addAll(Checks.liveness(simulation, banking));
        violations.addAll(Checks.safety(simulation, banking));
        return violations;
    }

    private static void retryStuck(Simulation simulation) {
        simulation.store().all().stream()
                .filter(saga -> saga.phase() == SagaPhase.STUCK)
                .forEach(saga -> simulation.operations().retry(saga.sagaId(), ORDER));
    }

    boolean failed() {
        return !violations.isEmpty();
    }
}
