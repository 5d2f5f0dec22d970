package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.sample.Api.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A transfer gets stuck on demand, and is found, understood and repaired in the operations console. */
class StuckTransferTest {

    private final Installation installation = Installation.shared();
    private final URI transfers = installation.transfer.uri();
    private final Console console = new Console(transfers, Installation.CONSOLE_PASSWORD);
    private final String from = Api.account(installation.bankA.uri(), "100.00");
    private final String to = Api.account(installation.bankB.uri(), "0.00");

    @AfterEach
    void the_books_are_open_again_and_all_is_right() {
        books(true);
        installation.awaitQuiet();
        assertThat(installation.whatIsWrong()).isEmpty();
    }

    @Test
    void a_transfer_that_the_source_does_not_book_is_stuck_after_the_pivot_and_a_retry_completes_it() {
        books(false);
        Map<String, String> order = Api.transfer(from, to, "12.50");

        UUID saga = stuck(order, "NON_RETRYABLE", "12.50");

        JsonNode page = console.get("viewer", "sagas/" + saga).body();
        assertThat(page.path("explanation").asString())
                .contains("capture-funds")
                .contains("bank-a");
        assertThat(page.path("steps").findValuesAsString("name"))
                .containsExactly("reserve-funds", "credit-destination", "capture-funds");
        List<String> data = page.path("timeline").findValuesAsString("data").stream()
                .filter(text -> !text.isEmpty())
                .toList();
        assertThat(data)
                .as("the transfer as its history keeps it, masked as its data is")
                .isNotEmpty();
        assertThat(data.get(data.size() - 1))
                .contains("12.5")
                .isEqualTo(console.get("viewer", "sagas/" + saga + "/data")
                        .body()
                        .path("data")
                        .asString());
        Answer denied =
                console.order("viewer", saga, "retry", page.path("revision").asLong());
        assertThat(denied.status()).isEqualTo(403);

        Answer inVain =
                console.order("operator", saga, "retry", page.path("revision").asLong());
        assertThat(inVain.status()).as("%s", inVain).isEqualTo(200);
        assertThat(console.outcome(inVain)).isEqualTo("FAILED_AGAIN");

        books(true);
        Answer retried = console.order("operator", saga, "retry", console.revision(saga));
        assertThat(console.outcome(retried)).isEqualTo("PROGRESSED");

        assertThat(ended(order).text("status")).isEqualTo("COMPLETED");
        awaitAudit(saga, "PROGRESSED", "FAILED_AGAIN");
    }

    @Test
    void a_transfer_whose_reserved_money_is_not_released_is_critical_and_a_retry_compensates_it() {
        books(false);
        Api.post(installation.bankB.uri(), "/accounts/" + to + "/close", "");
        Map<String, String> order = Api.transfer(from, to, "40.00");

        UUID saga = stuck(order, "COMPENSATION_FAILED", "40.00");
        books(true);
        Answer retried = console.order("operator", saga, "retry", console.revision(saga));

        assertThat(console.outcome(retried)).isEqualTo("PROGRESSED");
        assertThat(ended(order).text("status")).isEqualTo("COMPENSATED");
    }

    @Test
    void the_first_page_leads_to_the_console_and_the_console_lets_nobody_in_without_a_password() {
        assertThat(Api.text(transfers, "/")).contains("href=\"amends/\"");
        assertThat(console.anonymous("stuck")).isEqualTo(401);
    }

    private UUID stuck(Map<String, String> order, String reason, String money) {
        assertThat(Api.post(transfers, "/transfers", order).status()).isEqualTo(202);
        UUID[] found = new UUID[1];
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            JsonNode sagas =
                    console.get("viewer", "stuck?reason=" + reason).body().path("sagas");
            for (JsonNode saga : sagas) {
                if (saga.path("key").asString().equals(order.get("transferId"))) {
                    assertThat(saga.path("money").asString()).isEqualTo(money);
                    found[0] = UUID.fromString(saga.path("sagaId").asString());
                }
            }
            assertThat(found[0]).as("the stuck transfer in %s", sagas).isNotNull();
        });
        return found[0];
    }

    private void awaitAudit(UUID saga, String... states) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(console.get("viewer", "audit?saga=" + saga)
                                .body()
                                .path("lines")
                                .findValuesAsString("state"))
                        .containsExactly(states));
    }

    private Answer ended(Map<String, String> order) {
        return Api.get(transfers, "/transfers/" + order.get("transferId") + "?wait=30s");
    }

    /** Through the transfer service, as its page does. */
    private void books(boolean open) {
        Answer answer = Api.post(transfers, "/banks/bank-a/books", Map.of("open", String.valueOf(open)));
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    }
}
