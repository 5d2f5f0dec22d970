package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.sample.MixedJournal.Movement;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link MixedTransfersTest} checks with finds what is wrong. */
class MixedJournalTest {

    private final MixedOrder order = new MixedOrder(
            "t1", "bank-a", "alice", "bank-b", "bob", new BigDecimal("12.50"), MixedOrder.TWO_PHASE, false);
    private final MixedJournal journal = new MixedJournal();

    @Test
    void a_transfer_that_moved_its_money_once_is_right() {
        journal.ended(order, MixedOrder.TWO_PHASE, "COMMITTED");

        assertThat(journal.violations(moved("DEBIT"))).isEmpty();
    }

    @Test
    void one_that_moved_it_by_both_modes_is_found() {
        journal.ended(order, MixedOrder.TWO_PHASE, "COMMITTED");
        List<Movement> both = moved("DEBIT");
        both.addAll(moved("CAPTURE"));

        assertThat(journal.violations(both)).hasSize(1);
    }

    @Test
    void one_that_moved_it_by_the_other_mode_or_twice_is_found() {
        journal.ended(order, MixedOrder.BY_SAGA, "COMPLETED");
        List<Movement> twice = moved("CAPTURE");
        twice.addAll(moved("CAPTURE"));

        assertThat(journal.violations(moved("CAPTURE"))).isEmpty();
        assertThat(journal.violations(moved("DEBIT"))).hasSize(1);
        assertThat(journal.violations(twice)).hasSize(1);
    }

    @Test
    void one_that_moved_half_of_it_or_nothing_is_found() {
        journal.ended(order, MixedOrder.TWO_PHASE, "COMMITTED");

        assertThat(journal.violations(moved("DEBIT").subList(0, 2))).hasSize(1);
        assertThat(journal.violations(List.of())).hasSize(1);
    }

    @Test
    void one_that_came_to_nothing_and_moved_money_is_found() {
        journal.ended(order, MixedOrder.TWO_PHASE, "ABORTED");

        assertThat(journal.violations(List.of())).isEmpty();
        assertThat(journal.violations(moved("DEBIT"))).hasSize(1);
    }

    private static List<Movement> moved(String debit) {
        return new ArrayList<>(List.of(
                movement("bank-a", "alice", "-12.50", debit),
                movement("bank-a", "(transit)", "12.50", debit),
                movement("bank-b", "bob", "12.50", "CREDIT"),
                movement("bank-b", "(transit)", "-12.50", "CREDIT")));
    }

    private static Movement movement(String bank, String account, String amount, String kind) {
        return new Movement(bank, "t1", account, new BigDecimal(amount), kind);
    }
}
