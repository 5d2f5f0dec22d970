package io.amends.benchmarks.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.benchmarks.twopc.contender.Kind;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void everything_is_measured_unless_something_is_chosen() {
        Options options = Options.of();

        assertThat(options.only()).containsExactly(Kind.values());
        assertThat(options.measures()).containsExactly(Measure.values());
        assertThat(options.inFlight()).containsExactly(1, 8, 32, 256);
        assertThat(options.write()).isNull();
    }

    @Test
    void what_is_given_counts() {
        Options options = Options.of(
                "--only=TWO_PHASE,NARAYANA",
                "--measures=HOT",
                "--in-flight=2,3",
                "--down=5s",
                "--seed=7",
                "--write=docs");

        assertThat(options.only()).containsExactly(Kind.TWO_PHASE, Kind.NARAYANA);
        assertThat(options.measures()).containsExactly(Measure.HOT);
        assertThat(options.inFlight()).containsExactly(2, 3);
        assertThat(options.down()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.seed()).isEqualTo(7);
        assertThat(options.write()).isEqualTo(Path.of("docs"));
    }

    @Test
    void a_name_that_is_not_known_is_refused() {
        assertThatThrownBy(() -> Options.of("--only=SAGAS")).isInstanceOf(IllegalArgumentException.class);
    }
}
