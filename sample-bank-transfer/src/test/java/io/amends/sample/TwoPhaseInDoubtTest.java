package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.sample.Api.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bank B is cut off, or the transfer service dies, while a transfer by two-phase commit is under way. */
class TwoPhaseInDoubtTest {

    private static final Installation INSTALLATION = Installation.shared();
    private static final URI BANK_A = INSTALLATION.bankA.uri();
    private static final URI BANK_B = INSTALLATION.bankB.uri();
    private static BankProxy proxy;
    private static RoleProcess service;

    private final String from = Api.account(BANK_A, "100.00");
    private final String to = Api.account(BANK_B, "0.00");

    /** An installation of its own, so that the recovery of the shared service leaves it alone. */
    @BeforeAll
    static void start() {
        proxy = new BankProxy(BANK_B);
        service = RoleProcess.start(
                "transfer",
                RoleProcess.freePort(),
                INSTALLATION.transferOptions(
                        "--saga.twopc.installation=in-doubt",
                        "--saga.twopc.recover-every=500ms",
                        "--saga.twopc.participants.bank-b.uri=" + proxy.uri(),
                        "--transfer.two-phase-above=5.00"));
        service.awaitHealthy();
    }

    @AfterAll
    static void stop() {
        service.close();
        proxy.close();
    }

    @AfterEach
    void all_is_settled() {
        proxy.mend();
        awaitNothingPrepared();
        assertThat(INSTALLATION.whatIsWrong()).isEmpty();
    }

    @Test
    void a_bank_that_can_not_be_told_the_decision_leaves_the_transfer_in_doubt_until_it_is_back() {
        proxy.cutFrom("/commit");
        Map<String, String> order = order();

        Answer doubt = awaitStatus(order, "IN_DOUBT");

        assertThat(doubt.text("reason"))
                .isEqualTo("it is decided that it commits, and is not known to have reached bank-b");
        assertThat(branches(doubt)).containsExactly("bank-a COMMITTED", "bank-b COMMIT_DECIDED");
        assertThat(balance(BANK_A, from)).isEqualTo("90.00");
        assertThat(balance(BANK_B, to)).isEqualTo("0.00");
        proxy.mend();
        awaitStatus(order, "COMMITTED");
        assertThat(balance(BANK_B, to)).isEqualTo("10.00");
    }

    @Test
    void a_service_that_dies_after_the_decision_tells_of_it_once_it_is_back() throws Exception {
        proxy.cutFrom("/commit");
        Map<String, String> order = order();
        awaitStatus(order, "IN_DOUBT");

        service.kill();
        service.restart();
        service.awaitHealthy();
        Answer doubt = status(order);
        assertThat(doubt.text("status")).isEqualTo("IN_DOUBT");
        assertThat(branches(doubt)).contains("bank-b COMMIT_DECIDED");
        proxy.mend();

        awaitStatus(order, "COMMITTED");
        assertThat(balance(BANK_B, to)).isEqualTo("10.00");
    }

    @Test
    void a_bank_that_is_away_from_the_start_aborts_the_transfer() {
        proxy.cutFrom("/prepare");
        Map<String, String> order = order();

        Answer ended = awaitStatus(order, "ABORTED");

        assertThat(ended.text("reason")).isNotBlank();
        assertThat(balance(BANK_A, from)).isEqualTo("100.00");
        proxy.mend();
    }

    @Test
    void a_service_that_dies_before_the_decision_rolls_the_transfer_back_once_it_is_back() throws Exception {
        proxy.holdAt("/prepare");
        Map<String, String> order = order();
        await("bank A has prepared")
                .atMost(Duration.ofSeconds(60))
                .until(() -> INSTALLATION.count("bank_a", "select count(*) from pg_prepared_xacts") == 1);
        assertThat(status(order).text("status")).isEqualTo("RUNNING");

        service.kill();
        service.restart();
        service.awaitHealthy();
        // What bank B was asked comes only now, and must not count.
        proxy.mend();

        assertThat(awaitStatus(order, "ABORTED").text("reason"))
                .isEqualTo("its work was cut off before anything was decided");
        awaitNothingPrepared();
        assertThat(balance(BANK_A, from)).isEqualTo("100.00");
        assertThat(balance(BANK_B, to)).isEqualTo("0.00");
        assertThat(Api.post(service.uri(), "/transfers", order).text("status")).isEqualTo("ABORTED");
    }

    @Test
    void a_saga_waits_for_the_account_of_a_branch_in_doubt_and_completes_after_it_while_others_flow_on() {
        proxy.cutFrom("/commit");
        Map<String, String> order = order();
        awaitStatus(order, "IN_DOUBT");
        Map<String, String> behind = Api.transfer(from, to, "5.00");
        behind.put("mode", "saga");

        Api.post(service.uri(), "/transfers", behind);

        await("bank A has reserved")
                .atMost(Duration.ofSeconds(60))
                .until(() -> status(behind)
                        .body()
                        .get("steps")
                        .get(0)
                        .get("status")
                        .asString()
                        .equals("SUCCEEDED"));
        Map<String, String> other = Api.transfer(Api.account(BANK_A, "5.00"), Api.account(BANK_B, "0.00"), "5.00");
        other.put("mode", "saga");
        Api.post(service.uri(), "/transfers", other);
        awaitStatus(other, "COMPLETED");

        assertThat(status(behind).text("status")).isEqualTo("RUNNING");
        assertThat(status(order).text("status")).isEqualTo("IN_DOUBT");
        proxy.mend();
        awaitStatus(order, "COMMITTED");
        awaitStatus(behind, "COMPLETED");
        assertThat(balance(BANK_B, to)).isEqualTo("15.00");
    }

    @Test
    void a_transfer_that_names_no_mode_is_made_by_its_amount() {
        Map<String, String> small = Api.transfer(from, to, "5.00");
        Map<String, String> large = Api.transfer(from, to, "5.01");

        assertThat(Api.post(service.uri(), "/transfers", small).text("mode")).isEqualTo("saga");
        assertThat(Api.post(service.uri(), "/transfers", large).text("mode")).isEqualTo("2pc");

        awaitStatus(small, "COMPLETED");
        awaitStatus(large, "COMMITTED");
    }

    private void awaitNothingPrepared() {
        await("no branch is left")
                .atMost(Duration.ofSeconds(60))
                .until(() -> INSTALLATION.count("bank_a", "select count(*) from pg_prepared_xacts") == 0);
    }

    private static List<String> branches(Answer transfer) {
        List<String> branches = new ArrayList<>();
        transfer.body()
                .get("steps")
                .forEach(step -> branches.add(step.get("participant").asString() + " "
                        + step.get("status").asString()));
        return branches;
    }

    private Map<String, String> order() {
        Map<String, String> order = Api.transfer(from, to, "10.00");
        order.put("mode", "2pc");
        assertThat(Api.post(service.uri(), "/transfers", order).status()).isEqualTo(202);
        return order;
    }

    private Answer awaitStatus(Map<String, String> order, String status) {
        return await().atMost(Duration.ofSeconds(60))
                .until(() -> status(order), answer -> answer.text("status").equals(status));
    }

    private Answer status(Map<String, String> order) {
        return Api.get(service.uri(), "/transfers/" + order.get("transferId"));
    }

    private static String balance(URI bank, String account) {
        return Api.get(bank, "/accounts/" + account).text("balance");
    }
}
