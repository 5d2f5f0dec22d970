package io.amends.spring.boot.autoconfigure.console;

import static io.amends.spring.boot.autoconfigure.console.ConsoleRestTest.json;
import static io.amends.spring.boot.autoconfigure.console.ConsoleRestTest.reason;
import static io.amends.spring.boot.autoconfigure.console.ConsoleRestTest.shop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.HeaderCodec;
import io.amends.spring.boot.autoconfigure.console.Shop.Answer;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The part of {@link ConsoleRestTest} about messages: in Kafka, waiting, set aside; run there, in the application that all parts share. */
interface MessagesInRest {

    @Test
    default void how_far_consumers_are_behind_is_told_of_each_topic_of_the_sagas_and_the_participants() {
        UUID id = shop.stuck("lag");

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode lag = json("/api/v1/lag");
            assertThat(lag.path("trouble").isNull()).as(lag.toString()).isTrue();
            assertThat(lag.path("omitted").asInt()).isZero();
            assertThat(lag.path("runbook").asString()).isEqualTo("assets/runbooks/REPLY_OVERDUE.md");
            assertThat(lag.path("topics")
                            .valueStream()
                            .map(row -> row.path("topic").asString()))
                    .containsExactly("saga.purchase.replies", "saga.store.commands", "saga.till.commands");
            assertThat(lag.path("topics").valueStream()).allSatisfy(row -> {
                assertThat(row.path("group")).isEqualTo(row.path("topic"));
                assertThat(row.path("partitions").asInt()).isPositive();
                assertThat(row.path("members").asInt()).isPositive();
                assertThat(row.path("behind").asLong(-1)).isZero();
            });
        });
        assertThat(json("/api/v1/sagas/" + id)
                        .path("steps")
                        .valueStream()
                        .map(step -> step.path("commands").asString()))
                .containsExactly("saga.store.commands", "saga.till.commands");
    }

    @Test
    default void a_command_is_found_in_kafka_where_its_participant_says_that_it_read_it() {
        UUID id = shop.stuck("placed");
        JsonNode sent = json("/api/v1/sagas/" + id)
                .path("timeline")
                .valueStream()
                .filter(line -> line.path("event").asString().equals("Sent"))
                .findFirst()
                .orElseThrow();
        String message = sent.path("messageId").asString();

        // The relay notes a moment later what it published, and so does the group what it read.
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    JsonNode found = json("/api/v1/sagas/%s/sent/%s/place".formatted(id, message));
                    assertThat(found.path("state").asString())
                            .as(found.toString())
                            .isEqualTo("FOUND");
                    assertThat(found.path("place")).isEqualTo(sent.path("place"));
                    assertThat(found.path("group")).isEqualTo(found.path("topic"));
                    assertThat(found.path("read").asBoolean()).isTrue();
                });
        assertThat(shop.get("/api/v1/sagas/%s/sent/%s/place".formatted(id, UUID.randomUUID()))
                        .by("viewer")
                        .send()
                        .code())
                .isEqualTo("NOT_FOUND");
    }

    @Test
    default void what_a_message_of_a_saga_held_is_read_in_kafka_masked_until_somebody_unmasks_it_which_is_noted() {
        UUID id = shop.stuck("held");
        List<JsonNode> history =
                json("/api/v1/sagas/" + id).path("timeline").valueStream().toList();
        JsonNode charge = line(history, "Sent", "charge");
        JsonNode reserved = line(history, "ReplyReceived", "reserve");
        String ofCharge = "/api/v1/sagas/%s/records/%s"
                .formatted(id, charge.path("messageId").asString());

        JsonNode read = json(ofCharge);
        assertThat(read.path("state").asString()).as(read.toString()).isEqualTo("FOUND");
        assertThat(read.path("place")).isEqualTo(charge.path("place"));
        assertThat(read.path("contents").path("type").asString()).isEqualTo("charge");
        assertThat(read.path("contents").path("payload").asString())
                .isEqualTo("{\"amount\":\"***\",\"cardNumber\":\"***\"}");
        assertThat(read.path("contents").path("headers").toString())
                .contains("{\"name\":\"ce_correlationid\",\"value\":\"%s\"}".formatted(id));
        JsonNode reply = json("/api/v1/sagas/%s/records/%s"
                .formatted(id, reserved.path("messageId").asString()));
        assertThat(reply.path("place")).isEqualTo(reserved.path("place"));
        assertThat(reply.path("contents").path("type").asString()).isEqualTo("done");

        assertThat(shop.post(ofCharge + "/unmask")
                        .own()
                        .json(reason("the card is refused"))
                        .by("operator")
                        .send()
                        .code())
                .isEqualTo("FORBIDDEN");
        Answer unmasked = shop.post(ofCharge + "/unmask")
                .own()
                .json(reason("the card is refused"))
                .by("admin")
                .send();
        assertThat(unmasked.json().path("contents").path("payload").asString())
                .as(unmasked.text())
                .isEqualTo("{\"amount\":\"12 EUR\",\"cardNumber\":\"%s\"}".formatted(Shop.CARD));
        assertThat(json("/api/v1/audit?verb=unmask-message&saga=" + id)
                        .path("lines")
                        .valueStream()
                        .map(noted -> noted.path("entry")))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.path("reason").asString()).isEqualTo("the card is refused");
                    assertThat(entry.path("arguments").asString())
                            .contains(
                                    charge.path("messageId").asString(),
                                    charge.path("place").asString());
                });
    }

    private static JsonNode line(List<JsonNode> history, String event, String step) {
        return history.stream()
                .filter(line -> line.path("event").asString().equals(event)
                        && line.path("step").asString("").equals(step)
                        && !line.path("place").isNull())
                .findFirst()
                .orElseThrow(() -> new AssertionError(event + " " + step + " in " + history));
    }

    @Test
    default void a_message_that_lies_around_can_be_looked_at_masked_and_dropped_and_that_is_noted() {
        setAside(1, "{\"receipt\":\"r-7\",\"note\":\"%s\"}".formatted(Shop.SECRET), "done");
        setAside(2, "{\"what\":\"anything\"}", "nobody-knows-it");
        setAside(3, "<xml/>", "done");

        JsonNode known = json("/api/v1/messages/set-aside/saga.purchase.replies/5/1");
        assertThat(known.path("type").asString()).isEqualTo("done");
        assertThat(known.path("payload").asString()).isEqualTo("{\"receipt\":\"r-7\",\"note\":\"***\"}");
        assertThat(known.path("headers").toString())
                .contains("{\"name\":\"ce_type\",\"value\":\"done\"}")
                .contains("{\"name\":\"authorization\",\"value\":\"***\"}");
        JsonNode unknown = json("/api/v1/messages/set-aside/saga.purchase.replies/5/2");
        assertThat(unknown.path("payload").asString()).isEqualTo("{\"what\":\"***\"}");
        assertThat(unknown.path("told").asString()).contains("does not know the type");
        assertThat(json("/api/v1/messages/set-aside/saga.purchase.replies/5/3")
                        .path("told")
                        .asString())
                .contains("no JSON");

        String discard = "/api/v1/messages/set-aside/saga.purchase.replies/5/1/discard";
        assertThat(shop.post(discard)
                        .own()
                        .json(reason("looked at"))
                        .by("operator")
                        .send()
                        .code())
                .isEqualTo("FORBIDDEN");
        for (int time = 1; time <= 2; time++) {
            Answer done = shop.post(discard)
                    .own()
                    .header("Idempotency-Key", "drop-it")
                    .json(reason("looked at"))
                    .by("admin")
                    .send();
            assertThat(done.status()).as(done.text()).isEqualTo(200);
        }
        assertThat(shop.get("/api/v1/messages/set-aside/saga.purchase.replies/5/1")
                        .by("viewer")
                        .send()
                        .status())
                .isEqualTo(404);
        assertThat(json("/api/v1/audit?verb=set-aside-discard").path("lines").size())
                .isEqualTo(1);
        assertThat(shop.post(discard)
                        .own()
                        .json(reason("again"))
                        .by("admin")
                        .send()
                        .status())
                .isEqualTo(404);
    }

    @Test
    default void a_message_that_was_set_aside_is_handed_back_once_the_cause_is_mended_and_its_saga_goes_on()
            throws Exception {
        UUID id = shop.stuck("handed back");
        UUID elsewhere = UUID.randomUUID();
        String moved = "update saga_instance set saga_id = ? where saga_id = ?";
        shop.jdbc.update(moved, elsewhere, id);
        ProducerRecord<String, byte[]> reply = new ProducerRecord<>(
                "saga.purchase.replies", id.toString(), "{\"receipt\":\"r-9\"}".getBytes(StandardCharsets.UTF_8));
        Shop.reply(id, "charge", "till").forEach(reply.headers()::add);
        RecordMetadata sent;
        try (KafkaProducer<String, byte[]> till = new KafkaProducer<>(
                Map.of("bootstrap.servers", EmbeddedKafkaBroker.shared().bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            sent = till.send(reply).get(30, TimeUnit.SECONDS);
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> shop.jdbc
                        .queryForList(
                                "select reason_code from saga_inbox_quarantine where topic = ? and offset_no = ?",
                                String.class,
                                sent.topic(),
                                sent.offset())
                        .contains("UNKNOWN_SAGA"));
        String path =
                "/api/v1/messages/set-aside/%s/%d/%d/replay".formatted(sent.topic(), sent.partition(), sent.offset());

        assertThat(replay(path, "operator", "k-1").code()).isEqualTo("FORBIDDEN");
        Answer early = replay(path, "admin", "k-1");
        assertThat(early.code()).isEqualTo("NOT_POSSIBLE");
        assertThat(early.json().path("detail").asString()).contains("There is no saga " + id);
        shop.jdbc.update(moved, id, elsewhere);
        Answer first = replay(path, "admin", "k-1");
        assertThat(first.status()).as(first.text()).isEqualTo(200);
        String line = "/api/v1/actions/" + first.json().path("actionId").asLong();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(json(line).path("state").asString()).isEqualTo("PROGRESSED"));
        Answer again = replay(path, "admin", "k-1");

        assertThat(again.json().path("actionId")).isEqualTo(first.json().path("actionId"));
        assertThat(again.json().path("repeated").asBoolean()).isTrue();
        assertThat(replay(path, "admin", "k-2").status()).isEqualTo(404);
        assertThat(json("/api/v1/sagas/" + id).path("phase").asString()).isEqualTo("COMPLETED");
        assertThat(json("/api/v1/audit?verb=set-aside-replay&saga=" + id)
                        .path("lines")
                        .size())
                .isEqualTo(1);
    }

    private static Answer replay(String path, String who, String key) {
        return shop.post(path)
                .own()
                .header("Idempotency-Key", key)
                .json(reason("the database is whole again"))
                .by(who)
                .send();
    }

    private static void setAside(long offset, String payload, String type) {
        shop.jdbc.update(
                """
                insert into saga_inbox_quarantine (topic, partition_no, offset_no, record_key, payload, headers, reason_code, reason)
                values ('saga.purchase.replies', 5, ?, null, ?, ?, 'MALFORMED_PAYLOAD', 'r')""",
                offset,
                payload.getBytes(StandardCharsets.UTF_8),
                HeaderCodec.encode(Map.of(
                        "ce_type",
                        type.getBytes(StandardCharsets.UTF_8),
                        "authorization",
                        "Bearer eyJhbGciOi".getBytes(StandardCharsets.UTF_8))));
    }
}
