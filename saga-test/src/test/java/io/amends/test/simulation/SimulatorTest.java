package io.amends.test.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.amends.test.simulation.Run.Mode;
import io.amends.test.simulation.Run.Setting;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The real engine, orchestrators and participants under faults, run by run from a seed. More runs:
 * {@code mvn -pl saga-test -am test -Dtest=SimulatorTest -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.seeds=100000};
 * one run again: {@code -Dsimulation.seed=...}, which a failure names.
 */
class SimulatorTest {

    private static final int SEEDS = Integer.getInteger("simulation.seeds", 4000);
    private static final long FIRST = Long.getLong("simulation.first", 1);
    private static final Long ONE = Long.getLong("simulation.seed");
    private static final int SEEDS_TO_NOTICE = 300;

    @ParameterizedTest
    @EnumSource(Mode.class)
    void guarantees_hold_under_faults(Mode mode) {
        Setting setting = Setting.of(mode);
        LongAdder ended = new LongAdder();
        // A run has a single thread, and runs have nothing in common.
        LongStream.of(seeds())
                .parallel()
                .mapToObj(seed -> Run.of(setting, seed))
                .peek(run -> ended.add(run.ended()))
                .filter(Run::failed)
                .findFirst()
                .ifPresent(run -> fail(explained(setting, run)));
        // A simulation in which nothing happens would hold every promise.
        assertThat(ended.sum()).isPositive();
    }

    /** So that a simulation in which some kind of saga never ends well, or never by compensation, is noticed. */
    @Test
    void sagas_of_every_kind_end_in_both_ways_and_faults_strike() {
        List<Run> runs = LongStream.range(0, 100)
                .mapToObj(seed -> Run.of(Setting.of(Mode.LIVENESS), seed))
                .toList();

        assertThat(runs).allSatisfy(run -> assertThat(run.faults()).isNotEmpty());
        assertThat(runs.stream().flatMap(run -> run.endings().stream()).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "errand COMPENSATED",
                        "errand COMPLETED",
                        "parent COMPENSATED",
                        "parent COMPLETED",
                        "recall COMPLETED",
                        "approved COMPENSATED",
                        "approved COMPLETED",
                        "chain COMPENSATED",
                        "chain COMPLETED",
                        "decided COMPENSATED",
                        "decided COMPLETED",
                        "fan COMPENSATED",
                        "fan COMPLETED");
    }

    @Test
    void the_same_seed_gives_the_same_run() {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(Run.of(Setting.of(Mode.LIVENESS), seed)).isEqualTo(Run.of(Setting.of(Mode.LIVENESS), seed));
        }
    }

    @ParameterizedTest
    @EnumSource(Broken.class)
    void a_broken_variant_is_noticed(Broken broken) {
        for (long seed = FIRST; seed < FIRST + SEEDS_TO_NOTICE; seed++) {
            Run run = Run.of(broken.setting(), seed);
            if (run.violations().stream().anyMatch(violation -> violation.startsWith(broken.promise()))) {
                return;
            }
        }
        fail("%s was not noticed in %d runs from seed %d", broken, SEEDS_TO_NOTICE, FIRST);
    }

    @Test
    void a_failing_run_is_made_smaller_and_fails_again() {
        Setting setting = Broken.TIMEOUT_TREATED_AS_FAILURE.setting();
        Run failed = LongStream.iterate(FIRST, seed -> seed + 1)
                .limit(SEEDS_TO_NOTICE)
                .mapToObj(seed -> Run.of(setting, seed))
                .filter(Run::failed)
                .findFirst()
                .orElseThrow();

        Run smaller = Shrinker.shrink(setting, failed);

        assertThat(smaller.faults()).hasSizeLessThan(failed.faults().size() / 2);
        assertThat(Run.of(setting, failed.seed(), smaller.faults())).isEqualTo(smaller);
    }

    private static long[] seeds() {
        return ONE != null
                ? new long[] {ONE}
                : LongStream.range(FIRST, FIRST + SEEDS).toArray();
    }

    private static String explained(Setting setting, Run run) {
        Run smaller = Shrinker.shrink(setting, run);
        return "Seed %d (%s) breaks %s%nOf its %d faults these are enough: %s, and then breaks %s%nAgain: -Dsimulation.seed=%d"
                .formatted(
                        run.seed(),
                        setting.mode(),
                        run.violations(),
                        run.faults().size(),
                        smaller.faults(),
                        smaller.violations(),
                        run.seed());
    }
}
