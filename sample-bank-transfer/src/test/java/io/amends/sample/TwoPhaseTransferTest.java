package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.sample.Api.Answer;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mode 2pc of DESIGN, section 9: the same accounts, ledger, calls and audit as with sagas. */
class TwoPhaseTransferTest {

    private final Installation installation = Installation.shared();
    private final URI transfers = installation.transfer.uri();
    private final URI bankA = installation.bankA.uri();
    private final URI bankB = installation.bankB.uri();
    private final String from = Api.account(bankA, "100.00");
    private final String to = Api.account(bankB, "0.00");

    @AfterEach
    void the_ledgers_are_right_and_nothing_is_prepared() {
        installation.awaitQuiet();
        assertThat(installation.whatIsWrong()).isEmpty();
        assertThat(prepared()).isZero();
    }

    @Test
    void money_moves_between_two_banks_at_once() {
        Map<String, String> order = order("12.50");

        Answer accepted = Api.post(transfers, "/transfers", order);

        assertThat(accepted.status()).as("%s", accepted).isEqualTo(202);
        assertThat(accepted.location()).isEqualTo("/transfers/" + order.get("transferId"));
        Answer ended = ended(order);
        assertThat(ended.text("status")).as("%s", ended).isEqualTo("COMMITTED");
        assertThat(ended.text("mode")).isEqualTo("2pc");
        assertThat(ended.body().get("steps"))
                .extracting(step -> "%s at %s %s"
                        .formatted(
                                step.get("name").asString(),
                                step.get("participant").asString(),
                                step.get("status").asString()))
                .containsExactly("debit-source at bank-a COMMITTED", "credit-destination at bank-b COMMITTED");
        assertThat(balances()).containsExactly("87.50", "12.50");
    }

    @Test
    void money_moves_inside_of_one_bank() {
        String neighbour = Api.account(bankA, "0.00");
        Map<String, String> order = Api.transfer(from, neighbour, "30.00");
        order.put("toBank", "bank-a");
        order.put("mode", "2pc");

        Api.post(transfers, "/transfers", order);

        assertThat(ended(order).text("status")).isEqualTo("COMMITTED");
        assertThat(balance(bankA, from)).isEqualTo("70.00");
        assertThat(balance(bankA, neighbour)).isEqualTo("30.00");
    }

    @Test
    void insufficient_funds_leave_both_banks_as_they_were() {
        assertRefused(order("100.01"), "insufficient funds");
    }

    @Test
    void a_closed_account_on_either_side_leaves_both_banks_as_they_were() {
        Api.post(bankB, "/accounts/" + to + "/close", "");
        assertRefused(order("1.00"), "destination account closed");

        Api.post(bankA, "/accounts/" + from + "/close", "");
        Map<String, String> order = Api.transfer(from, Api.account(bankB, "0.00"), "1.00");
        order.put("mode", "2pc");
        assertRefused(order, "source account closed");
    }

    @Test
    void an_account_that_only_the_bank_finds_unknown_is_a_refusal() {
        Map<String, String> order = order("1.00");
        order.put("toAccount", "nobody-" + UUID.randomUUID());

        assertRefused(order, "destination account unknown");
    }

    @Test
    void the_same_id_and_body_are_the_same_transfer_and_another_body_is_a_conflict() {
        Map<String, String> order = order("1.00");
        List<CompletableFuture<Answer>> together = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            together.add(inBackground(() -> Api.post(transfers, "/transfers", order)));
        }
        assertThat(together)
                .allSatisfy(answer -> assertThat(answer.join().status()).isEqualTo(202));
        ended(order);
        Map<String, String> other = new LinkedHashMap<>(order);
        other.put("amount", "2.00");

        assertThat(Api.post(transfers, "/transfers", order).text("status")).isEqualTo("COMMITTED");
        assertThat(Api.post(transfers, "/transfers", other).status()).isEqualTo(409);
        assertThat(balances()).containsExactly("99.00", "1.00");
    }

    @Test
    void a_transfer_has_one_mode_for_good() {
        Map<String, String> twoPhase = order("1.00");
        Map<String, String> saga = Api.transfer(from, to, "1.00");
        Api.post(transfers, "/transfers", twoPhase);
        Api.post(transfers, "/transfers", saga);

        assertThat(Api.post(transfers, "/transfers", with(twoPhase, "saga")).status())
                .isEqualTo(409);
        assertThat(Api.post(transfers, "/transfers", with(saga, "2pc")).status())
                .isEqualTo(409);
        assertThat(ended(twoPhase).text("status")).isEqualTo("COMMITTED");
        assertThat(ended(saga).text("status")).isEqualTo("COMPLETED");
        assertThat(balances()).containsExactly("98.00", "2.00");
    }

    @Test
    void a_saga_of_the_time_before_modes_were_noted_keeps_its_mode() {
        Map<String, String> saga = Api.transfer(from, to, "1.00");
        Api.post(transfers, "/transfers", saga);
        ended(saga);
        installation.query(
                "transfer",
                "delete from transfer_mode where transfer_id = '%s' returning mode".formatted(saga.get("transferId")));

        assertThat(Api.post(transfers, "/transfers", with(saga, "2pc")).status())
                .isEqualTo(409);
        assertThat(Api.post(transfers, "/transfers", saga).text("status")).isEqualTo("COMPLETED");
        assertThat(balances()).containsExactly("99.00", "1.00");
    }

    /** On a thread of its own: the JDK's common pool may have a single one. */
    private static CompletableFuture<Answer> inBackground(Supplier<Answer> call) {
        return CompletableFuture.supplyAsync(call, task -> new Thread(task, "background").start());
    }

    @Test
    void one_id_that_is_sent_in_both_modes_at_the_same_time_is_made_in_one() {
        for (int i = 0; i < 10; i++) {
            Map<String, String> order = order("1.00");
            CompletableFuture<Answer> other =
                    inBackground(() -> Api.post(transfers, "/transfers", with(order, "saga")));
            int one = Api.post(transfers, "/transfers", order).status();

            assertThat(List.of(one, other.join().status())).containsExactlyInAnyOrder(202, 409);
            ended(order);
        }
        assertThat(balances()).containsExactly("90.00", "10.00");
    }

    @Test
    void opposite_transfers_of_both_modes_over_few_accounts_conserve_money() {
        List<String> left = List.of(from, Api.account(bankA, "100.00"));
        List<String> right = List.of(to, Api.account(bankB, "100.00"));
        List<Map<String, String>> orders = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Map<String, String> order = Api.transfer(left.get(i % 2), right.get(i / 2 % 2), "3.00");
            if (i % 3 == 0) {
                order = Api.transfer(right.get(i / 2 % 2), left.get(i % 2), "2.00");
                order.put("fromBank", "bank-b");
                order.put("toBank", "bank-a");
            }
            order.put("mode", i / 4 % 2 == 0 ? "2pc" : "saga");
            orders.add(order);
        }
        orders.parallelStream()
                .forEach(order -> assertThat(
                                Api.post(transfers, "/transfers", order).status())
                        .isEqualTo(202));

        orders.forEach(order ->
                assertThat(ended(order).text("status")).isIn("COMMITTED", "ABORTED", "COMPLETED", "COMPENSATED"));
        long all = installation.count("bank_a", sum(left)) + installation.count("bank_b", sum(right));
        assertThat(all).isEqualTo(300);
    }

    private static String sum(List<String> accounts) {
        return "select sum(balance)::bigint from account where account in ('%s', '%s')".formatted(accounts.toArray());
    }

    private void assertRefused(Map<String, String> order, String reason) {
        List<String> before = balances();
        assertThat(Api.post(transfers, "/transfers?precheck=false", order).status())
                .isEqualTo(202);

        Answer ended = ended(order);

        assertThat(ended.text("status")).as("%s", ended).isEqualTo("ABORTED");
        assertThat(ended.text("reason")).isEqualTo(reason);
        assertThat(balances()).isEqualTo(before);
    }

    private Map<String, String> order(String amount) {
        return with(Api.transfer(from, to, amount), "2pc");
    }

    private static Map<String, String> with(Map<String, String> order, String mode) {
        Map<String, String> changed = new LinkedHashMap<>(order);
        changed.put("mode", mode);
        return changed;
    }

    private Answer ended(Map<String, String> order) {
        return Api.get(transfers, "/transfers/" + order.get("transferId") + "?wait=30s");
    }

    private List<String> balances() {
        return List.of(balance(bankA, from), balance(bankB, to));
    }

    private static String balance(URI bank, String account) {
        return Api.get(bank, "/accounts/" + account).text("balance");
    }

    private long prepared() {
        return installation.count("bank_a", "select count(*) from pg_prepared_xacts");
    }
}
