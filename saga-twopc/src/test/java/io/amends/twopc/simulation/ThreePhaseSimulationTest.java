package io.amends.twopc.simulation;

import static io.amends.twopc.simulation.Protocol.THREE_PHASES;
import static io.amends.twopc.simulation.Protocol.TWO_PHASES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Three-phase commit blocks nobody as long as the network is never parted; where it is, banks part too. */
class ThreePhaseSimulationTest {

    private static final int SEEDS = 10_000;

    @Test
    void a_bank_that_refuses_aborts_all() {
        Scenario refused = Scenario.calm(3).refusedBy("bank-b");

        assertThat(Simulation.run(THREE_PHASES, refused).states().values()).containsOnly(State.ABORTED);
    }

    @Test
    void without_faults_all_commit() {
        Run run = Simulation.run(THREE_PHASES, Scenario.calm(3));

        assertThat(run.states().values()).containsOnly(State.COMMITTED);
    }

    @Test
    void three_phase_commit_is_atomic_and_blocks_nobody_when_processes_crash_in_a_synchronous_network() {
        Set<State> seen = EnumSet.noneOf(State.class);

        LongStream.range(0, SEEDS).forEach(seed -> {
            Run run = Simulation.run(THREE_PHASES, Scenario.crashes(seed));
            assertThat(run.violation()).as(() -> told(seed, run)).isEmpty();
            assertThat(run.unfinished()).as(() -> told(seed, run)).isEmpty();
            assertThat(longestInDoubtOfWhoNeverCrashed(run))
                    .as(() -> told(seed, run))
                    .isLessThanOrEqualTo(Times.inDoubtAtMost(run.scenario().banks()));
            seen.addAll(run.ends());
        });

        assertThat(seen).containsExactlyInAnyOrder(State.COMMITTED, State.ABORTED);
    }

    @Test
    void banks_end_without_their_coordinator() {
        int away = 500;
        Scenario dies = Scenario.calm(2).with(new Fault.Crash(Scenario.COORDINATOR, 3, 0, away));

        Run meanwhile = Simulation.run(THREE_PHASES, dies, away);

        assertThat(meanwhile.unfinished()).isEmpty();
        assertThat(meanwhile.ends()).containsExactly(State.ABORTED);
        assertThat(Simulation.run(TWO_PHASES, dies, away).unfinished()).hasSize(2);
    }

    @Test
    void the_same_crashes_block_two_phase_commit() {
        assertThat(IntStream.range(0, SEEDS)
                        .mapToObj(seed -> Simulation.run(TWO_PHASES, Scenario.crashes(seed)))
                        .filter(run -> longestInDoubtOfWhoNeverCrashed(run)
                                > Times.inDoubtAtMost(run.scenario().banks()))
                        .count())
                .isGreaterThan(SEEDS / 100);
    }

    @Test
    void a_partition_splits_three_phase_commit() {
        Run run = Simulation.run(THREE_PHASES, smallestSplit());

        assertThat(run.splits()).isTrue();
        assertThat(run.trace().text()).isEqualTo("""
                           1  transfer -> bank-a: prepare
                           1  bank-a is prepared
                           1  transfer -> bank-b: prepare
                           1  bank-b is prepared
                           2  bank-a -> transfer: yes
                           2  bank-b -> transfer: yes
                           3  the network is parted
                           3  transfer -> bank-a: precommit
                           3  bank-a is precommitted
                           3  transfer -x bank-b: precommit
                           4  bank-a -> transfer: acknowledged
                          11  transfer waits no longer for acknowledgements
                          11  transfer commits
                          11  transfer -x bank-b: commit
                          12  transfer -> bank-a: commit
                          12  bank-a commits
                          48  bank-b has heard of no decision and acts as backup coordinator
                          48  bank-b -x bank-a: wait
                          49  the network is whole again
                          57  bank-b waits no longer for acknowledgements
                          57  bank-b aborts
                        """);
    }

    @Test
    void the_page_for_architects_draws_this_split() throws IOException {
        Scenario split = smallestSplit();
        String page = Files.readString(Path.of("../docs/saga-or-2pc.md"));
        String drawn = page.substring(
                page.indexOf("<!-- split: begin -->") + "<!-- split: begin -->".length(),
                page.indexOf("<!-- split: end -->"));

        assertThat(drawn.strip())
                .isEqualTo("```mermaid\n"
                        + Simulation.run(THREE_PHASES, split).trace().mermaid(split.names())
                        + "```");
    }

    @Test
    void under_the_same_partition_two_phase_commit_blocks_and_then_ends_the_same_everywhere() {
        Scenario split = smallestSplit();
        int healed = split.faults().stream()
                .mapToInt(fault -> ((Fault.Partition) fault).until())
                .max()
                .orElseThrow();

        Run meanwhile = Simulation.run(TWO_PHASES, split, healed - 1);
        Run afterwards = Simulation.run(TWO_PHASES, split);

        assertThat(meanwhile.unfinished()).hasSize(1);
        assertThat(afterwards.states().values()).containsOnly(State.COMMITTED);
    }

    @ParameterizedTest
    @EnumSource(names = {"BACKUP_DECIDES_AT_ONCE", "NO_PRECOMMIT"})
    void a_three_phase_commit_that_is_broken_is_noticed_by_crashes_alone(Defect defect) {
        Protocol broken = Protocol.threePhasesWith(defect);

        assertThat(LongStream.range(0, SEEDS).mapToObj(Scenario::crashes))
                .anySatisfy(scenario ->
                        assertThat(Simulation.run(broken, scenario).violation()).isPresent());
    }

    static Scenario smallestSplit() {
        Scenario found = LongStream.range(0, SEEDS)
                .mapToObj(Scenario::partitions)
                .filter(ThreePhaseSimulationTest::splits)
                .findFirst()
                .orElseThrow();
        return Shrinker.smallest(found, ThreePhaseSimulationTest::splits);
    }

    private static boolean splits(Scenario scenario) {
        return Simulation.run(THREE_PHASES, scenario).splits();
    }

    private static int longestInDoubtOfWhoNeverCrashed(Run run) {
        return run.scenario().bankNames().stream()
                .filter(bank -> !run.crashed().contains(bank))
                .mapToInt(run::inDoubt)
                .max()
                .orElse(0);
    }

    private static String told(long seed, Run run) {
        return "seed %d, %s\n%s".formatted(seed, run.scenario(), run.trace().text());
    }
}
