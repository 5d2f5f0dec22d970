package io.amends.twopc.simulation;

import static io.amends.twopc.simulation.Protocol.TWO_PHASES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two-phase commit with presumed abort stays atomic whatever happens; the price is that banks wait. */
class TwoPhaseSimulationTest {

    private static final int SEEDS = 10_000;

    @Test
    void a_bank_that_refuses_aborts_all() {
        Scenario refused = Scenario.calm(3).refusedBy("bank-b");

        assertThat(Simulation.run(TWO_PHASES, refused).states().values()).containsOnly(State.ABORTED);
    }

    @Test
    void without_faults_all_commit() {
        Run run = Simulation.run(TWO_PHASES, Scenario.calm(3));

        assertThat(run.states().values()).containsOnly(State.COMMITTED);
    }

    @Test
    void two_phase_commit_is_atomic_under_crashes_lost_messages_and_partitions() {
        Set<State> seen = EnumSet.noneOf(State.class);

        LongStream.range(0, SEEDS).forEach(seed -> {
            Run run = Simulation.run(TWO_PHASES, Scenario.everything(seed));
            assertThat(run.violation()).as(() -> told(seed, run)).isEmpty();
            seen.addAll(run.ends());
        });

        assertThat(seen).containsExactlyInAnyOrder(State.COMMITTED, State.ABORTED);
    }

    @Test
    void once_all_are_back_and_the_network_is_whole_nobody_is_left_in_doubt() {
        LongStream.range(0, SEEDS).forEach(seed -> {
            Run run = Simulation.run(TWO_PHASES, Scenario.everything(seed));
            assertThat(run.unfinished()).as(() -> told(seed, run)).isEmpty();
        });
    }

    @Test
    void the_same_scenario_gives_the_same_run() {
        LongStream.range(0, 100).forEach(seed -> {
            Run once = Simulation.run(TWO_PHASES, Scenario.everything(seed));
            Run again = Simulation.run(TWO_PHASES, Scenario.everything(seed));
            assertThat(again.trace().text()).isEqualTo(once.trace().text());
        });
    }

    @Test
    void two_phase_commit_blocks_while_the_coordinator_is_away() {
        int away = 500;
        // Its first step asks, its second takes a vote, its third takes the last vote and decides.
        Scenario dies = Scenario.calm(2).with(new Fault.Crash(Scenario.COORDINATOR, 3, 0, away));

        Run meanwhile = Simulation.run(TWO_PHASES, dies, away);

        assertThat(meanwhile.unfinished()).containsExactly("bank-a", "bank-b");
        assertThat(meanwhile.trace().text()).isEqualTo("""
                           1  transfer -> bank-a: prepare
                           1  bank-a is prepared
                           1  transfer -> bank-b: prepare
                           1  bank-b is prepared
                           2  bank-a -> transfer: yes
                           2  bank-b -> transfer: yes
                           2  transfer commits
                           2  transfer crashes
                        """);
        Run afterwards = Simulation.run(TWO_PHASES, dies);
        assertThat(afterwards.states().values()).containsOnly(State.COMMITTED);
        assertThat(afterwards.inDoubt("bank-a")).isGreaterThanOrEqualTo(away);
    }

    @Test
    void a_coordinator_that_died_before_it_decided_aborts_once_it_is_back() {
        int away = 500;
        Scenario dies = Scenario.calm(2).with(new Fault.Crash(Scenario.COORDINATOR, 2, 0, away));

        assertThat(Simulation.run(TWO_PHASES, dies, away).unfinished()).containsExactly("bank-a", "bank-b");
        assertThat(Simulation.run(TWO_PHASES, dies).states().values()).containsOnly(State.ABORTED);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"BANK_ABORTS_BY_TIMEOUT", "PROMISE_IS_NOT_DURABLE", "DECISION_IS_NOT_DURABLE", "SILENCE_IS_A_YES"})
    void a_two_phase_commit_that_is_broken_is_noticed(Defect defect) {
        Protocol broken = Protocol.twoPhasesWith(defect);

        assertThat(LongStream.range(0, SEEDS).mapToObj(Scenario::everything))
                .anySatisfy(scenario ->
                        assertThat(Simulation.run(broken, scenario).violation()).isPresent());
    }

    private static String told(long seed, Run run) {
        return "seed %d, %s\n%s".formatted(seed, run.scenario(), run.trace().text());
    }
}
