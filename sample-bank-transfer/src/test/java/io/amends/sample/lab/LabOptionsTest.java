package io.amends.sample.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/** The lab's command line. */
class LabOptionsTest {

    @Test
    void without_more_it_serves_the_page_at_its_usual_port() {
        assertThat(LabOptions.of(Map.of("lab", ""), 7))
                .isEqualTo(new LabOptions(null, false, Duration.ofSeconds(20), 20, 50, 7, 8090, false));
    }

    @Test
    void everything_can_be_said() {
        assertThat(LabOptions.of(
                        Map.of(
                                "lab", "",
                                "scenario", "coordinator-dies",
                                "dies", "after",
                                "duration", "1m",
                                "rate", "5",
                                "share", "100",
                                "seed", "-3",
                                "port", "0"),
                        7))
                .isEqualTo(new LabOptions(Fault.COORDINATOR_DIES, false, Duration.ofMinutes(1), 5, 100, -3, 0, true));
    }

    @Test
    void all_that_is_wrong_is_told_at_once_with_what_is_possible() {
        assertThatThrownBy(() -> LabOptions.of(
                        Map.of(
                                "scenario",
                                "bank-b-stoped",
                                "rtae",
                                "1",
                                "rate",
                                "0",
                                "dies",
                                "never",
                                "duration",
                                "soon"),
                        1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no scenario bank-b-stoped; choose one of bank-b-stopped, bank-b-slow,")
                .hasMessageContaining("no option --rtae; the lab knows --dies, --duration")
                .hasMessageContaining("--rate=0: must be from 1 to 200")
                .hasMessageContaining("--dies=never: must be before or after")
                .hasMessageContaining("--duration=soon: is not understood; for example --duration=20s")
                .hasMessageContaining("--lab --help tells more");
    }

    @Test
    void a_scenario_that_is_too_short_to_show_anything_is_refused() {
        assertThatThrownBy(() -> LabOptions.of(Map.of("duration", "3s"), 1))
                .hasMessageContaining("--duration=3s: must be from 4s to 1h");
    }

    @Test
    void the_help_names_every_option_and_every_scenario() {
        assertThat(run("--lab", "--help").output())
                .contains("--scenario", "--duration", "--rate", "--share", "--seed", "--port", "--dies")
                .contains(Fault.ids());
        assertThat(run("--lab", "--help").code()).isZero();
    }

    @Test
    void an_unknown_scenario_starts_nothing_and_ends_with_1() {
        Run run = run("--lab", "--scenario=earthquake");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.output()).contains("There is no scenario earthquake").doesNotContain("Starting");
    }

    private record Run(int code, String output) {}

    private static Run run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = new FailureLab(new PrintStream(out, true, StandardCharsets.UTF_8))
                .run(new SimpleCommandLinePropertySource(arguments));
        return new Run(code, out.toString(StandardCharsets.UTF_8));
    }
}
