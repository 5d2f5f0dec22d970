package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharesTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "4, 1", "4, 2", "4, 3", "3, 5", "256, 7"})
    void all_lanes_are_shared_out_and_no_relay_has_two_more_than_another(int lanes, int relays) {
        List<String> alive =
                IntStream.range(0, relays).mapToObj(number -> "relay-" + number).toList();
        List<Integer> shares =
                alive.stream().map(me -> Shares.of(me, alive, lanes)).toList();

        assertThat(shares.stream().mapToInt(share -> share).sum()).isEqualTo(lanes);
        assertThat(shares).allMatch(share -> share == lanes / relays || share == lanes / relays + 1);
    }

    @Test
    void a_relay_counts_itself_even_if_the_database_does_not_know_it_yet() {
        assertThat(Shares.of("me", List.of(), 4)).isEqualTo(4);
        assertThat(Shares.of("me", List.of("other"), 4)).isEqualTo(2);
    }

    @Test
    void no_more_lanes_are_taken_than_are_missing_and_the_last_are_given_back_first() {
        assertThat(Shares.wanted(3, 1, List.of(0, 4, 7))).containsExactly(0, 4);
        assertThat(Shares.wanted(3, 3, List.of(0))).isEmpty();
        assertThat(Shares.wanted(2, 3, List.of(0))).isEmpty();
        assertThat(Shares.wanted(9, 0, List.of(5))).containsExactly(5);
        assertThat(Shares.surplus(2, List.of(0, 3, 5, 6))).containsExactly(5, 6);
        assertThat(Shares.surplus(2, List.of(0, 3))).isEmpty();
        assertThat(Shares.surplus(2, List.of())).isEmpty();
    }
}
