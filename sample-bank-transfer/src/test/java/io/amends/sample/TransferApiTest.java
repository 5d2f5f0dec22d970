package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.sample.Api.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The REST surface of DESIGN, section 9, as a client meets it. */
class TransferApiTest {

    private final Installation installation = Installation.shared();
    private final URI transfers = installation.transfer.uri();
    private final String from = Api.account(installation.bankA.uri(), "100.00");
    private final String to = Api.account(installation.bankB.uri(), "0.00");

    @Test
    void money_moves_between_two_banks() {
        Map<String, String> order = Api.transfer(from, to, "12.50");

        Answer accepted = Api.post(transfers, "/transfers", order);

        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.location()).isEqualTo("/transfers/" + order.get("transferId"));
        Answer ended = await(order);
        assertThat(ended.text("status")).isEqualTo("COMPLETED");
        assertThat(ended.body().get("steps"))
                .extracting(step ->
                        step.get("name").asString() + " " + step.get("status").asString())
                .containsExactly("reserve-funds SUCCEEDED", "credit-destination SUCCEEDED", "capture-funds SUCCEEDED");
        assertThat(balance(installation.bankA.uri(), from)).isEqualTo("87.50, held 0.00, available 87.50");
        assertThat(balance(installation.bankB.uri(), to)).isEqualTo("12.50, held 0.00, available 12.50");
    }

    @Test
    void insufficient_funds_are_a_rejection_with_its_reason() {
        Map<String, String> order = Api.transfer(from, to, "100.01");
        Api.post(transfers, "/transfers", order);

        Answer ended = await(order);

        assertThat(ended.text("status")).isEqualTo("COMPENSATED");
        assertThat(ended.text("reason")).isEqualTo("insufficient funds");
        assertThat(balance(installation.bankA.uri(), from)).isEqualTo("100.00, held 0.00, available 100.00");
    }

    @Test
    void a_closed_destination_gives_the_reserved_money_back() {
        Api.post(installation.bankB.uri(), "/accounts/" + to + "/close", "");
        Map<String, String> order = Api.transfer(from, to, "40.00");
        Api.post(transfers, "/transfers", order);

        Answer ended = await(order);

        assertThat(ended.text("status")).isEqualTo("COMPENSATED");
        assertThat(ended.text("reason")).isEqualTo("destination account closed");
        assertThat(ended.body().get("steps"))
                .extracting(step ->
                        step.get("name").asString() + " " + step.get("status").asString())
                .containsExactly("reserve-funds COMPENSATED", "credit-destination REJECTED", "capture-funds PENDING");
        assertThat(balance(installation.bankA.uri(), from)).isEqualTo("100.00, held 0.00, available 100.00");
    }

    @Test
    void an_account_that_only_the_bank_finds_unknown_is_a_rejection() {
        Map<String, String> order = Api.transfer("nobody-" + UUID.randomUUID(), to, "1.00");

        assertThat(Api.post(transfers, "/transfers?precheck=false", order).status())
                .isEqualTo(202);

        assertThat(await(order).text("reason")).isEqualTo("source account unknown");
    }

    @Test
    void the_same_id_and_body_are_the_same_transfer_and_another_body_is_a_conflict() {
        Map<String, String> order = Api.transfer(from, to, "1.00");
        Answer first = Api.post(transfers, "/transfers", order);
        await(order);

        Answer again = Api.post(transfers, "/transfers", order);
        Map<String, String> other = new LinkedHashMap<>(order);
        other.put("amount", "2.00");
        Answer conflict = Api.post(transfers, "/transfers", other);

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.text("sagaId")).isEqualTo(first.text("sagaId"));
        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.contentType()).startsWith("application/problem+json");
        assertThat(balance(installation.bankB.uri(), to)).startsWith("1.00");
    }

    @Test
    void opening_an_account_twice_is_harmless_and_with_another_balance_a_conflict() {
        URI bank = installation.bankA.uri();
        assertThat(Api.post(bank, "/accounts", Map.of("account", from, "balance", "100.00"))
                        .status())
                .isEqualTo(200);
        assertThat(Api.post(bank, "/accounts", Map.of("account", from, "balance", "1.00"))
                        .status())
                .isEqualTo(409);
        assertThat(Api.get(bank, "/accounts/nobody").status()).isEqualTo(404);
    }

    @Test
    void an_account_that_was_used_since_can_still_be_opened_again_with_the_balance_it_was_opened_with() {
        await(Api.post(transfers, "/transfers", Api.transfer(from, to, "1.00")).text("transferId"));
        Map<String, String> opening = Map.of("account", from, "balance", "100.00");

        Answer again = Api.post(installation.bankA.uri(), "/accounts", opening);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("balance")).isEqualTo("99.00");
        assertThat(Api.post(installation.bankA.uri(), "/accounts", Map.of("account", from, "balance", "99.00"))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void the_page_opens_accounts_and_sees_the_banks_through_the_transfer_service() {
        String account = "p" + UUID.randomUUID();
        Map<String, String> opening = Map.of("account", account, "balance", "5.00");

        assertThat(Api.post(transfers, "/banks/bank-b/accounts", opening).status())
                .isEqualTo(201);
        assertThat(balance(installation.bankB.uri(), account)).startsWith("5.00");
        assertThat(Api.post(transfers, "/banks/bank-b/accounts", Map.of("account", account, "balance", "-5"))
                        .text("field"))
                .isEqualTo("balance");
        assertThat(Api.get(transfers, "/banks/bank-b/audit").text("total"))
                .isEqualTo(Api.get(installation.bankB.uri(), "/audit").text("total"));
        assertThat(Api.get(transfers, "/banks/bank-c/audit").status()).isEqualTo(404);
    }

    @Test
    void an_audit_is_of_one_moment_and_its_amounts_are_decimal_strings() {
        Answer audit = Api.get(installation.bankA.uri(), "/audit");

        assertThat(audit.body().propertyNames())
                .containsExactlyInAnyOrder("total", "held", "transit", "entries", "negative");
        for (String amount : List.of("total", "held", "transit")) {
            assertThat(audit.body().get(amount).isString()).isTrue();
            assertThat(audit.text(amount)).matches("-?\\d+\\.\\d\\d");
        }
        assertThat(audit.text("negative")).isEqualTo("0");
    }

    @Test
    void a_wait_ends_at_once_when_the_transfer_has_ended() {
        Map<String, String> order = Api.transfer(from, to, "1.00");
        Api.post(transfers, "/transfers", order);
        await(order);
        long begun = System.nanoTime();

        Answer ended = Api.get(transfers, "/transfers/" + order.get("transferId") + "?wait=30s");

        assertThat(ended.text("status")).isEqualTo("COMPLETED");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void waiting_for_a_transfer_that_there_is_not_is_answered_at_once() {
        long begun = System.nanoTime();

        assertThat(Api.get(transfers, "/transfers/" + UUID.randomUUID() + "?wait=30s")
                        .status())
                .isEqualTo(404);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void only_health_is_shown_of_the_inside() {
        assertThat(Api.get(transfers, "/actuator/health").text("status")).isEqualTo("UP");
        assertThat(Api.get(transfers, "/actuator/env").status()).isEqualTo(404);
    }

    @Test
    void the_page_is_served_without_anything_from_elsewhere() throws Exception {
        HttpResponse<String> page = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(transfers.resolve("/")).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Two-bank transfer").doesNotContain("http://", "https://");
    }

    private Answer await(Map<String, String> order) {
        return await(order.get("transferId"));
    }

    private Answer await(String transferId) {
        Answer answer = Api.get(transfers, "/transfers/" + transferId + "?wait=30s");
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }

    private static String balance(URI bank, String account) {
        Answer answer = Api.get(bank, "/accounts/" + account);
        return "%s, held %s, available %s"
                .formatted(answer.text("balance"), answer.text("held"), answer.text("available"));
    }
}
