package io.amends.benchmarks.twopc;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.benchmarks.twopc.contender.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the page says of the two yardsticks is made from the run's own figures, whichever way they fall out. */
class SpeedReportTest {

    private final List<Sample> samples = new ArrayList<>();

    @Test
    void where_two_phase_commit_is_slower_is_said_with_the_load_and_beside_each_narayana() {
        measured(1, 300, 250, 100);
        measured(8, 104, 100, 100);
        measured(32, 97, 80, 100);

        assertThat(report("--in-flight=1,8,32"))
                .contains("Beside Narayana, two-phase commit makes 1.20, 1.04 and 1.21 times as many transfers a second"
                        + " with 1, 8 and 32 in flight; it is slower at none of them.\n")
                .contains("Beside Narayana, tuned, two-phase commit makes 3.00, 1.04 and 0.970 times as many transfers"
                        + " a second with 1, 8 and 32 in flight; it is slower with 32.\n");
    }

    @Test
    void ratios_are_those_of_the_table_the_median_of_the_rounds() {
        measured(8, 200, 100, 100);
        measured(8, 90, 100, 100);
        measured(8, 95, 100, 100);

        assertThat(report("--in-flight=8"))
                .contains("| two-phase commit | 8 | 95.0 | 90.0 to 200 | 0 | 0 | 0.950 | 0.950 |")
                .contains("Beside Narayana, two-phase commit makes 0.950 times as many transfers a second with 8 in"
                        + " flight; it is slower with 8.\n");
    }

    @Test
    void without_a_yardstick_nothing_is_said_of_it() {
        measured(8, 200, 100, 100);
        samples.removeIf(sample -> sample.kind() == Kind.NARAYANA);

        assertThat(report("--in-flight=8"))
                .doesNotContain("Beside Narayana, two-phase")
                .contains("Beside Narayana, tuned, two-phase commit");
    }

    @Test
    void costs_stand_beside_what_the_protocol_asks_for_in_forced_writes_and_in_messages() {
        Map<String, Double> forced = Map.of("bank-a", 2.0, "bank-b", 2.0, Servers.COORDINATOR, 1.0);

        assertThat(SpeedReport.costs(List.of(new Cost(Kind.TWO_PHASE, forced, 5.36, 9.03, 0, 0))))
                .contains("| messages by protocol |")
                .contains(
                        "| two-phase commit | 5.00 | 2n + 1 = 5 | 2.00 | 2.00 | 1.00 | 0 | 5.36 | 9.03 | 0 | 0 | 4n = 8 |");
    }

    private String report(String inFlight) {
        return new SpeedReport(Options.of(inFlight), samples).load();
    }

    /** One more round with that load: how many each of them completed in a second. */
    private void measured(int inFlight, long ours, long narayana, long tuned) {
        int round = (int) samples.stream()
                .filter(sample -> sample.kind() == Kind.TWO_PHASE && sample.inFlight() == inFlight)
                .count();
        add(Kind.TWO_PHASE, inFlight, round, ours);
        add(Kind.NARAYANA, inFlight, round, narayana);
        add(Kind.NARAYANA_TUNED, inFlight, round, tuned);
    }

    private void add(Kind kind, int inFlight, int round, long completed) {
        samples.add(new Sample(Measure.LOAD, kind, inFlight, round, completed, 1_000_000_000, 0, 0, 0, 0));
    }
}
