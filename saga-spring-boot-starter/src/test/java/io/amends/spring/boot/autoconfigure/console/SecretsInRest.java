package io.amends.spring.boot.autoconfigure.console;

import static io.amends.spring.boot.autoconfigure.console.ConsoleRestTest.json;
import static io.amends.spring.boot.autoconfigure.console.ConsoleRestTest.reason;
import static io.amends.spring.boot.autoconfigure.console.ConsoleRestTest.shop;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.HeaderCodec;
import io.amends.spring.boot.autoconfigure.console.Shop.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The part of {@link ConsoleRestTest} about what is masked; run there, in the application that all parts share. */
interface SecretsInRest {

    @Test
    default void secrets_are_in_no_answer_until_somebody_unmasks_them_which_is_noted() {
        UUID id = shop.stuck("secret");
        shop.jdbc.update("update saga_instance set reason = 'Refused: note=' || ? where saga_id = ?", Shop.SECRET, id);
        shop.jdbc.update(
                "update saga_step set error = '{\"street\":\"' || ? || '\"}' where saga_id = ? and step = 'charge'",
                Shop.STREET,
                id);
        shop.jdbc.update("""
                insert into saga_inbox_quarantine (topic, partition_no, offset_no, record_key, headers, reason_code, reason)
                values ('saga.purchase.replies', 0, 4711, ?, '', 'MALFORMED_PAYLOAD', 'card ' || ?)""", id.toString().getBytes(StandardCharsets.UTF_8), Shop.CARD);
        shop.jdbc.update(
                """
                insert into saga_inbox_quarantine (topic, partition_no, offset_no, record_key, payload, headers, reason_code, reason)
                values ('saga.purchase.replies', 0, 4712, null, ?, ?, 'MALFORMED_PAYLOAD', 'r')""",
                "{\"note\":\"%s\",\"cardNumber\":\"%s\"}"
                        .formatted(Shop.SECRET, Shop.CARD)
                        .getBytes(StandardCharsets.UTF_8),
                HeaderCodec.encode(Map.of("saga_error", ("note=" + Shop.SECRET).getBytes(StandardCharsets.UTF_8))));
        Answer skip = shop.order(
                        id,
                        "skip",
                        shop.revision(id),
                        "{\"reason\":\"r\",\"step\":\"charge\",\"resultType\":\"done\",\"result\":{\"receipt\":\"ok\",\"note\":\"%s\"}}"
                                .formatted(Shop.SECRET))
                .by("admin")
                .send();
        assertThat(skip.status()).as(skip.text()).isIn(200, 409);
        Answer run = shop.post("/api/v1/runs")
                .own()
                .json("{\"verb\":\"retry\",\"q\":\"key:secret\",\"reason\":\"note: %s\"}".formatted(Shop.SECRET))
                .by("admin")
                .send();
        assertThat(run.status()).as(run.text()).isEqualTo(201);

        List<String> paths = List.of(
                "/api/v1/stuck?size=500",
                "/api/v1/stuck/counts",
                "/api/v1/groups",
                "/api/v1/sagas?q=key:secret",
                "/api/v1/sagas/" + id,
                "/api/v1/sagas/%s/data".formatted(id),
                "/api/v1/messages",
                "/api/v1/messages/set-aside/saga.purchase.replies/0/4712",
                "/api/v1/outbox",
                "/api/v1/audit",
                "/api/v1/audit/export?format=csv",
                "/api/v1/audit/export?format=jsonl",
                "/api/v1/runs",
                "/api/v1/actions/" + skip.json().path("actionId").asLong());
        for (String path : paths) {
            Answer answer = shop.get(path).by("admin").send();
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.text()).as(path).doesNotContain(Shop.SECRET, Shop.STREET, Shop.CARD);
        }
        assertThat(json("/api/v1/sagas/%s/data".formatted(id)).path("data").asString())
                .contains("\"item\":\"pen\"", "\"town\":\"Bonn\"", "\"note\":\"***\"", "\"cardNumber\":\"***\"");

        assertThat(unmask(id, "operator", reason("the customer called")).code()).isEqualTo("FORBIDDEN");
        assertThat(unmask(id, "admin", "{}").status()).isEqualTo(400);
        assertThat(json("/api/v1/sagas/%s/data?unmask=true".formatted(id))
                        .path("data")
                        .asString())
                .as("what writes to the audit is no GET")
                .doesNotContain(Shop.SECRET);
        JsonNode seen = unmask(id, "admin", reason("the customer called")).json();
        assertThat(seen.path("data").asString()).contains(Shop.SECRET, Shop.STREET, Shop.CARD);
        assertThat(seen.path("masked").asBoolean()).isFalse();
        JsonNode line = json("/api/v1/audit?verb=unmask&saga=" + id)
                .path("lines")
                .path(0)
                .path("entry");
        assertThat(line.path("operator").path("name").asString()).isEqualTo("admin");
        assertThat(line.path("reason").asString()).isEqualTo("the customer called");
    }

    private static Answer unmask(UUID id, String who, String body) {
        return shop.post("/api/v1/sagas/%s/data/unmask".formatted(id))
                .own()
                .json(body)
                .by(who)
                .send();
    }

    @Test
    default void data_of_a_version_that_is_not_here_is_masked_altogether() {
        UUID id = shop.stuck("unknown");
        shop.jdbc.update(
                "update saga_history h set data = i.data from saga_instance i where i.saga_id = ? and h.saga_id = i.saga_id",
                id);
        assertThat(json("/api/v1/sagas/" + id)
                        .path("timeline")
                        .path(0)
                        .path("data")
                        .asString())
                .contains("\"item\":\"pen\"", "\"note\":\"***\"")
                .doesNotContain(Shop.SECRET);
        shop.jdbc.update("update saga_instance set saga_version = 99 where saga_id = ?", id);

        JsonNode saga = json("/api/v1/sagas/" + id);

        assertThat(saga.path("timeline").path(0).path("data").asString())
                .contains("\"item\":\"***\"", "\"town\":\"***\"");
        assertThat(json("/api/v1/sagas/%s/data".formatted(id)).path("data").asString())
                .contains("\"item\":\"***\"");
    }
}
