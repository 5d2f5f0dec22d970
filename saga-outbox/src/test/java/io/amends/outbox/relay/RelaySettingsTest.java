package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelaySettingsTest {

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 500, 1, 1", "1000, 5, 250, 10000, 30000, 5000"})
    void sensible_settings_are_taken(int chunk, long pollMin, long pollMax, long lease, long send, long absent) {
        assertThat(settings(chunk, pollMin, pollMax, lease, send, absent).chunkSize())
                .isEqualTo(chunk);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 500, 1, 1",
        "-1, 1, 1, 500, 1, 1",
        "1, 0, 1, 500, 1, 1",
        "1, 3, 2, 500, 1, 1",
        "1, 1, 1, 499, 1, 1",
        "1, 1, 1, 500, 0, 1",
        "1, 1, 1, 500, 1, 0"
    })
    void others_are_refused_with_what_is_allowed_and_what_was_given(
            int chunk, long pollMin, long pollMax, long lease, long send, long absent) {
        assertThatThrownBy(() -> settings(chunk, pollMin, pollMax, lease, send, absent))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "A relay needs chunk-size >= 1, 1 ms <= poll-min <= poll-max, lease-time >= 500 ms, send-timeout >= 1 ms, absent-topic-retry >= 1 ms and 1 to 256 lanes")
                .hasMessageContaining("chunk-size %d,", chunk)
                .hasMessageContaining("lease-time %s,", Duration.ofMillis(lease))
                .hasMessageContaining("absent-topic-retry %s,", Duration.ofMillis(absent));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 100", "11, 1000", "51, 5000", "1000, 5000"})
    void the_more_rows_a_chunk_had_the_longer_the_relay_waits_for_the_next_up_to_the_shortest_poll(
            int rows, long micros) {
        assertThat(RelaySettings.DEFAULT.gathering(rows)).isEqualTo(Duration.ofNanos(micros * 1000));
    }

    private static RelaySettings settings(int chunk, long pollMin, long pollMax, long lease, long send, long absent) {
        return new RelaySettings(
                chunk,
                Duration.ofMillis(pollMin),
                Duration.ofMillis(pollMax),
                Duration.ofMillis(lease),
                Duration.ofMillis(send),
                Duration.ofMillis(absent),
                4);
    }
}
