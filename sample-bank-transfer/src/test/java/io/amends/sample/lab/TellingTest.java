package io.amends.sample.lab;

import static io.amends.sample.lab.Looks.RUN;
import static io.amends.sample.lab.Looks.bank;
import static io.amends.sample.lab.Looks.look;
import static io.amends.sample.lab.Looks.prepared;
import static io.amends.sample.lab.Looks.saga;
import static io.amends.sample.lab.Looks.twoPhase;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.sample.lab.LabState.Money;
import io.amends.sample.lab.LabState.MoneyState;
import io.amends.sample.lab.Look.Session;
import io.amends.sample.lab.Look.Session.Doing;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the lab makes of what the databases say. */
class TellingTest {

    /** What an open transfer waits for. */
    @Nested
    class WaitsFor {

        @Test
        void a_saga_waits_for_the_bank_that_was_asked() {
            assertThat(Telling.waitsFor(saga("RUNNING", "credit-destination", 1, null), List.of(), Set.of()))
                    .isEqualTo("the answer of bank-b to credit-destination");
            assertThat(Telling.waitsFor(saga("RUNNING", "credit-destination", 3, null), List.of(), Set.of()))
                    .endsWith(", asked 3 times");
        }

        @Test
        void a_saga_without_a_step_under_way_waits_for_the_orchestrator() {
            assertThat(Telling.waitsFor(saga("RUNNING", null, 0, null), List.of(), Set.of()))
                    .isEqualTo("the orchestrator to go on");
        }

        @Test
        void a_service_that_is_down_is_what_is_waited_for() {
            assertThat(Telling.waitsFor(saga("RUNNING", "credit-destination", 1, null), List.of(), Set.of("bank-b")))
                    .isEqualTo("the answer of bank-b, which is down, to credit-destination");
            assertThat(Telling.waitsFor(saga("RUNNING", "credit-destination", 1, null), List.of(), Set.of("transfer")))
                    .isEqualTo("the orchestrator, which is down");
        }

        @Test
        void a_stuck_saga_waits_for_an_operator() {
            assertThat(Telling.waitsFor(saga("STUCK", "capture-funds", 9, "no answer"), List.of(), Set.of()))
                    .isEqualTo("an operator: no answer");
        }

        @Test
        void a_transfer_that_no_bank_knows_waits_for_its_turn_and_then_for_votes() {
            assertThat(Telling.waitsFor(twoPhase("RUNNING", null, null), List.of(), Set.of()))
                    .startsWith("its turn");
            assertThat(Telling.waitsFor(twoPhase("RUNNING", RUN, null), List.of(), Set.of()))
                    .isEqualTo("the votes of both banks");
        }

        @Test
        void a_transfer_that_one_bank_has_prepared_waits_for_the_other() {
            assertThat(Telling.waitsFor(twoPhase("RUNNING", RUN, null), List.of(prepared("bank-a")), Set.of()))
                    .isEqualTo("the vote of bank-b; prepared and locked at bank-a");
            assertThat(Telling.waitsFor(twoPhase("RUNNING", RUN, null), List.of(prepared("bank-b")), Set.of()))
                    .isEqualTo("the vote of bank-a; prepared and locked at bank-b");
        }

        @Test
        void a_transfer_that_both_banks_have_prepared_waits_for_its_coordinator() {
            List<Look.Prepared> both = List.of(prepared("bank-a"), prepared("bank-b"));
            assertThat(Telling.waitsFor(twoPhase("RUNNING", RUN, null), both, Set.of()))
                    .isEqualTo("its coordinator to decide; prepared and locked at bank-a and bank-b");
            assertThat(Telling.waitsFor(twoPhase("RUNNING", RUN, "COMMIT"), both, Set.of()))
                    .isEqualTo(
                            "its coordinator, to tell the banks that it is decided: COMMIT; prepared and locked at bank-a and bank-b");
        }

        @Test
        void a_transfer_whose_coordinator_is_down_waits_for_that_wherever_it_stands() {
            List<Look.Prepared> both = List.of(prepared("bank-a"), prepared("bank-b"));
            Set<String> down = Set.of("transfer");
            assertThat(Telling.waitsFor(twoPhase("RUNNING", null, null), List.of(), down))
                    .isEqualTo("its coordinator, which is down");
            assertThat(Telling.waitsFor(twoPhase("RUNNING", RUN, "COMMIT"), both, down))
                    .isEqualTo(
                            "its coordinator, which is down, to tell the banks that it is decided: COMMIT; prepared and locked at bank-a and bank-b");
        }

        @Test
        void a_transfer_in_doubt_waits_for_what_would_settle_it() {
            assertThat(Telling.waitsFor(twoPhase("DECIDED", RUN, "COMMIT"), List.of(prepared("bank-b")), Set.of()))
                    .isEqualTo("a bank that must hear that it commits; prepared and locked at bank-b");
            assertThat(Telling.waitsFor(twoPhase("UNKNOWN", RUN, null), List.of(), Set.of()))
                    .isEqualTo("the log of decisions, to know what was decided");
        }
    }

    /** Who holds locks, and who waits. */
    @Nested
    class Locks {

        @Test
        void a_prepared_transaction_is_told_with_its_account_and_those_that_wait_for_it_are_counted() {
            Look look = look(
                    List.of(twoPhase("RUNNING", RUN, null)),
                    List.of(prepared("bank-b")),
                    List.of(
                            new Session("bank-b", Doing.WAITS_FOR_LOCK, 1_500, RUN, 1),
                            new Session("bank-b", Doing.WAITS_FOR_LOCK, 12_000, RUN, 1),
                            new Session("bank-a", Doing.WAITS_FOR_LOCK, 100, null, 1)));

            assertThat(Telling.locks(look, 1_000))
                    .containsExactly(
                            "bank-b: a prepared transaction holds account lab-02",
                            "bank-b: waits for account lab-02, which a prepared transaction holds: 2 sessions, the longest for 12 s",
                            "bank-a: waits for a lock of another session: 1 session, the longest for 0.1 s");
        }

        @Test
        void what_is_prepared_for_a_moment_only_is_not_worth_telling() {
            assertThat(Telling.locks(look(List.of(), List.of(prepared("bank-b")), List.of()), 6_000))
                    .isEmpty();
        }

        @Test
        void a_slow_bank_and_a_frozen_process_are_told_as_such() {
            Look look = look(
                    List.of(),
                    List.of(),
                    List.of(
                            new Session("bank-b", Doing.SLEEPS, 300, null, 0),
                            new Session("transfer", Doing.IDLE_IN_TRANSACTION, 4_000, null, 0)));

            assertThat(Telling.locks(look, 1_000))
                    .containsExactly(
                            "bank-b: slow, as the lab wants it, with its locks held: 1 session, the longest for 0.3 s",
                            "transfer: in a transaction, and its process does nothing: 1 session, the longest for 4.0 s");
        }
    }

    /** Whether the money is all there. */
    @Nested
    class OfMoney {

        private final BigDecimal start = new BigDecimal("200.00");

        @Test
        void the_sum_of_the_start_is_conserved() {
            Look look = look(List.of(), List.of(), List.of(), bank("bank-a", "90", "10"), bank("bank-b", "110", "-10"));

            assertThat(Telling.money(look, look, start).verdict()).isEqualTo(Money.CONSERVED);
        }

        @Test
        void a_difference_while_transfers_are_open_is_on_its_way() {
            Look look = look(
                    List.of(saga("RUNNING", "capture-funds", 1, null)),
                    List.of(),
                    List.of(),
                    bank("bank-a", "100", "0"),
                    bank("bank-b", "110", "-10"));

            MoneyState money = Telling.money(look, look, start);

            assertThat(money.verdict()).isEqualTo(Money.MOVING);
            assertThat(money.words()).startsWith("10.00 is on its way: credited already");
            assertThat(money.customers()).isEqualTo("210.00");
        }

        @Test
        void a_difference_that_nothing_explains_is_money_made_or_lost() {
            Look lost = look(List.of(), List.of(), List.of(), bank("bank-a", "90", "10"), bank("bank-b", "100", "0"));

            MoneyState money = Telling.money(lost, lost, start);

            assertThat(money.verdict()).isEqualTo(Money.NOT_CONSERVED);
            assertThat(money.words()).isEqualTo("NOT conserved: 10.00 was lost, and nothing is on its way.");
        }

        @Test
        void banks_that_were_read_while_something_moved_prove_nothing() {
            Look before = look(List.of(), List.of(), List.of(), bank("bank-a", "100", "0"), bank("bank-b", "100", "0"));
            Look now = look(List.of(), List.of(), List.of(), bank("bank-a", "90", "10"), bank("bank-b", "100", "0"));

            assertThat(Telling.money(now, before, start).verdict()).isEqualTo(Money.MOVING);
        }

        @Test
        void what_is_prepared_is_told_by_bank() {
            Look look = look(
                    List.of(twoPhase("RUNNING", RUN, null)),
                    List.of(prepared("bank-b")),
                    List.of(),
                    bank("bank-a", "100", "0"),
                    bank("bank-b", "100", "0"));

            assertThat(Telling.money(look, look, start).banks())
                    .extracting(LabState.BankState::prepared)
                    .containsExactly("0.00", "7.50");
        }

        @Test
        void a_bank_that_can_not_be_read_leaves_the_question_open() {
            Look look = look(List.of(), List.of(), List.of(), bank("bank-a", "100", "0"));

            assertThat(Telling.money(look, look, start).verdict()).isEqualTo(Money.UNKNOWN);
        }
    }
}
