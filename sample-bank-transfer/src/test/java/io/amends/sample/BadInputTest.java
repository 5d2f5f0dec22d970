package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.sample.Api.Answer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a request: 400, a problem document that names the field, and nothing stored. */
class BadInputTest {

    private final Installation installation = Installation.shared();
    private final String from = Api.account(installation.bankA.uri(), "100.00");
    private final String to = Api.account(installation.bankB.uri(), "0.00");

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            nullValues = "(missing)",
            value = {
                "transferId, 17",
                "transferId, 123e4567-e89b-12d3-a456-42661417400g",
                "transferId, (missing)",
                "fromBank, bank-c",
                "fromBank, (missing)",
                "toBank, bank-c",
                "toBank, ''",
                "fromAccount, nobody-here",
                "fromAccount, (missing)",
                "fromAccount, 'a b'",
                "toAccount, nobody-here",
                "toAccount, (missing)",
                "amount, 0",
                "amount, 0.00",
                "amount, -1",
                "amount, 1.001",
                "amount, 1e3",
                "amount, NaN",
                "amount, ten",
                "amount, ''",
                "amount, 1000000.01",
                "amount, 99999999999999999999999999999999999",
                "amount, (missing)",
                "mode, 3pc"
            })
    void a_bad_field_is_named_and_nothing_is_stored(String field, String value) {
        long before = sagas();
        Map<String, String> order = Api.transfer(from, to, "1.00");
        if (value == null) {
            order.remove(field);
        } else {
            order.put(field, value);
        }

        assertRefused(Api.post(installation.transfer.uri(), "/transfers", order), field);
        assertThat(sagas()).isEqualTo(before);
    }

    @Test
    void the_same_account_on_both_sides_is_refused() {
        Map<String, String> order = Api.transfer(from, from, "1.00");
        order.put("toBank", "bank-a");

        assertRefused(Api.post(installation.transfer.uri(), "/transfers", order), "toAccount");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "17", "null", "{\"transferId\": }", "{} {}", "\u0000"})
    void a_body_that_is_no_json_object_is_refused(String body) {
        long before = sagas();
        assertRefused(Api.post(installation.transfer.uri(), "/transfers", body), "body");
        assertThat(sagas()).isEqualTo(before);
    }

    @Test
    void a_body_over_the_limit_is_refused() {
        Map<String, String> order = Api.transfer(from, to, "1.00");
        order.put("note", "x".repeat(20_000));

        assertRefused(Api.post(installation.transfer.uri(), "/transfers", order), "body");
    }

    @Test
    void a_number_instead_of_a_string_is_refused_where_a_string_is_needed() {
        Map<String, Object> order = new HashMap<>(Api.transfer(from, to, "1.00"));
        order.put("fromAccount", 17);

        assertRefused(Api.post(installation.transfer.uri(), "/transfers", order), "fromAccount");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e999999999", "-1e999999999", "1e-999999999", "0.001", "12.345", "true", "[1]", "1000000.01"})
    void an_amount_that_is_no_string_is_judged_like_one_however_large_it_would_be(String amount) {
        long before = sagas();
        String order = """
                {"transferId":"%s","fromBank":"bank-a","fromAccount":"%s","toBank":"bank-b","toAccount":"%s","amount":%s}""".formatted(UUID.randomUUID(), from, to, amount);

        assertRefused(Api.post(installation.transfer.uri(), "/transfers", order), "amount");
        assertThat(sagas()).isEqualTo(before);
    }

    @Test
    void a_field_that_stands_there_twice_is_refused() {
        String order = """
                {"transferId":"%s","fromBank":"bank-a","fromAccount":"%s","toBank":"bank-b","toAccount":"%s","amount":"1.00","amount":"2.00"}""".formatted(UUID.randomUUID(), from, to);

        assertRefused(Api.post(installation.transfer.uri(), "/transfers", order), "body");
    }

    @Test
    void a_body_far_over_the_limit_still_gets_its_answer() {
        assertRefused(Api.post(installation.transfer.uri(), "/transfers", "x".repeat(8_000_000)), "body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/accounts/a%20b", "/accounts/%F0%9F%98%80"})
    void a_bank_has_no_account_with_an_impossible_number(String path) {
        assertThat(Api.get(installation.bankA.uri(), path).status()).isIn(400, 404);
    }

    @ParameterizedTest
    @CsvSource({
        "/transfers/17, transferId",
        "/transfers/ID?wait=soon, wait",
        "/transfers/ID?wait=2h, wait",
        "/transfers/ID?wait=-1s, wait",
        "/transfers/ID?wait=9223372036854775807d, wait"
    })
    void a_bad_address_is_refused(String path, String field) {
        assertRefused(
                Api.get(
                        installation.transfer.uri(),
                        path.replace("ID", UUID.randomUUID().toString())),
                field);
    }

    @ParameterizedTest
    @CsvSource({"account, 'a b', 1.00", "balance, fine, -1.00", "balance, fine, 1.001", "balance, fine, many"})
    void a_bank_refuses_bad_accounts_too(String field, String account, String balance) {
        assertRefused(
                Api.post(installation.bankA.uri(), "/accounts", Map.of("account", account, "balance", balance)), field);
    }

    private static void assertRefused(Answer answer, String field) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(400);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.text("field")).as("%s", answer).isEqualTo(field);
        assertThat(answer.text("detail")).isNotBlank();
    }

    private long sagas() {
        return installation.count("transfer", "select count(*) from saga_instance");
    }
}
