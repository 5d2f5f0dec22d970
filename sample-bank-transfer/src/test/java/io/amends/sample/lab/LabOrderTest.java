package io.amends.sample.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The transfers that the lab makes up. */
class LabOrderTest {

    @Test
    void the_same_seed_gives_the_same_transfers() {
        assertThat(some(42, 50)).isEqualTo(some(42, 50)).isNotEqualTo(some(43, 50));
    }

    @Test
    void the_share_says_how_many_are_made_by_two_phase_commit() {
        assertThat(some(1, 0)).allMatch(order -> order.mode().equals(LabOrder.SAGA));
        assertThat(some(1, 100)).allMatch(order -> order.mode().equals(LabOrder.TWO_PHASE));
        assertThat(some(1, 50).stream().filter(order -> order.mode().equals(LabOrder.SAGA)))
                .hasSizeBetween(60, 140);
    }

    @Test
    void money_goes_both_ways_between_the_accounts_that_there_are() {
        assertThat(some(1, 50)).extracting(LabOrder::fromBank).contains("bank-a", "bank-b");
        assertThat(some(1, 50)).allSatisfy(order -> {
            assertThat(order.fromBank()).isNotEqualTo(order.toBank());
            assertThat(order.fromAccount()).matches("lab-[01][0-9]");
            assertThat(order.toAccount()).matches("lab-[01][0-9]");
        });
    }

    private static List<LabOrder> some(long seed, int share) {
        LabOrder.Book book = new LabOrder.Book(seed);
        return Stream.generate(() -> book.next(share)).limit(200).toList();
    }
}
