package io.amends.spring.boot.autoconfigure.console;

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
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the interface answers, below a context path and a path of the application's choice. */
class ConsoleRestTest {

    private static Shop shop;

    @BeforeAll
    static void start() {
        shop = Shop.secured(
                "--server.servlet.context-path=/shop",
                "--saga.console.path=/ops/console",
                "--saga.console.four-eyes=resolve",
                "--saga.console.money-attribute=item",
                "--saga.console.trace-link=https://tempo.example.com/trace/{traceId}?token=not-masked",
                "--saga.console.notes[purchase]=Ask the shop.",
                "--saga.console.notes[purchase/charge]=https://wiki.example.com/till",
                "--server.forward-headers-strategy=framework",
                "--spring.application.name=the-shop");
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    private static JsonNode json(String path) {
        Answer answer = shop.get(path).by("admin").send();
        assertThat(answer.status()).as(path + ": " + answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static String reason(String text) {
        return "{\"reason\":\"%s\"}".formatted(text);
    }

    @Test
    void a_saga_leads_to_the_trace_that_it_was_started_in() {
        UUID id = shop.stuck("traced");
        shop.jdbc.update("update saga_instance set trace_id = null where saga_id = ?", id);
        assertThat(json("/api/v1/sagas/" + id).path("traceLink").isNull()).isTrue();
        shop.jdbc.update(
                "update saga_instance set trace_id = '4bf92f3577b34da6a3ce929d0e0e4736' where saga_id = ?", id);

        JsonNode saga = json("/api/v1/sagas/" + id);

        assertThat(saga.path("traceId").asString()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(saga.path("traceLink").asString())
                .isEqualTo("https://tempo.example.com/trace/4bf92f3577b34da6a3ce929d0e0e4736?token=not-masked");
    }

    @Test
    void a_sum_of_money_is_not_taken_for_a_card_s_number() {
        UUID id = shop.stuck("rich");
        shop.jdbc.update(
                "update saga_instance set attributes = jsonb_build_object('item', '4222222222222') where saga_id = ?",
                id);

        JsonNode atRisk = json("/api/v1/stuck/counts").path("money");

        assertThat(atRisk.path("amounts").path(0).path("amount").asString())
                .as(atRisk.toString())
                .isEqualTo("4222222222222");
        shop.jdbc.update(
                "update saga_instance set attributes = jsonb_build_object('item', 'pen') where saga_id = ?", id);
    }

    @Test
    void a_stuck_saga_is_found_understood_and_repaired() {
        UUID id = shop.stuck("found");

        JsonNode stuck = StreamSupport.stream(
                        json("/api/v1/stuck?reason=RETRIES_EXHAUSTED&size=500")
                                .path("sagas")
                                .spliterator(),
                        false)
                .filter(row -> row.path("sagaId").asString().equals(id.toString()))
                .findFirst()
                .orElseThrow();
        assertThat(stuck.path("key").asString()).isEqualTo("found");
        assertThat(stuck.path("severity").asString()).isEqualTo("HIGH");
        assertThat(stuck.path("money").asString()).isEqualTo("pen");
        JsonNode atRisk = json("/api/v1/stuck/counts").path("money");
        assertThat(atRisk.path("unread").asLong()).as(atRisk.toString()).isPositive();
        assertThat(atRisk.path("amounts")).isEmpty();
        assertThat(json("/api/v1/me").path("application").asString()).isEqualTo("the-shop");
        assertThat(shop.get("/" + stuck.path("runbook").asString())
                        .by("viewer")
                        .send()
                        .text())
                .contains("RETRIES_EXHAUSTED");

        JsonNode saga = json("/api/v1/sagas/" + id);
        assertThat(saga.path("verdict").path("reason").asString()).isEqualTo("RETRIES_EXHAUSTED");
        assertThat(saga.path("verdict").path("note").asString()).isEqualTo("https://wiki.example.com/till");
        assertThat(saga.path("explanation").asString()).contains("charge");
        List<JsonNode> history = saga.path("timeline").valueStream().toList();
        assertThat(history)
                .filteredOn(line -> line.path("event").asString().equals("Sent"))
                .isNotEmpty()
                .allSatisfy(sent -> {
                    assertThat(sent.path("place").asString()).matches("saga\\.(store|till)\\.commands-\\d+@\\d+");
                    assertThat(history)
                            .anySatisfy(
                                    reply -> assertThat(reply.path("answers")).isEqualTo(sent.path("messageId")));
                });
        assertThat(history.stream().map(line -> line.path("logicalTime").asString()))
                .doesNotHaveDuplicates()
                .allMatch(time -> time.matches("\\d{4}-.*Z\\+\\d+"));
        assertThat(saga.path("verbs").toString())
                .contains("retry", "skip", "resolve")
                .doesNotContain("\"resume\"");
        assertThat(saga.path("steps").path(1).path("name").asString()).isEqualTo("charge");
        assertThat(saga.path("steps").path(0).path("forward").asString()).isEqualTo("DONE");
        assertThat(foreseen(id, "skip", "{\"step\":\"charge\"}")
                        .json()
                        .path("result")
                        .asString())
                .isEqualTo("DONE");
        assertThat(foreseen(id, "skip", "{\"step\":\"charge\",\"resultType\":\"done\",\"result\":{\"receipt\":7}}")
                        .json()
                        .path("result")
                        .asString())
                .isEqualTo("DONE");
        assertThat(foreseen(id, "vanish", "{}").status()).isEqualTo(404);
        assertThat(shop.get("/api/v1/sagas/%s/skip/foresee?step=charge&result=secret".formatted(id))
                        .by("viewer")
                        .send()
                        .code())
                .as("an address is no place for a result")
                .isEqualTo("METHOD");

        Answer skipped = shop.order(id, "skip", shop.revision(id), "{\"reason\":\"paid in cash\",\"step\":\"charge\"}")
                .by("admin")
                .send();

        assertThat(skipped.status()).as(skipped.text()).isEqualTo(200);
        assertThat(skipped.json().path("result").asString()).isEqualTo("DONE");
        JsonNode action =
                json("/api/v1/actions/" + skipped.json().path("actionId").asLong());
        assertThat(action.path("state").asString()).isEqualTo("PROGRESSED");
        assertThat(action.path("entry").path("operator").path("name").asString())
                .isEqualTo("admin");
        JsonNode completed = json("/api/v1/sagas/" + id);
        assertThat(completed.path("phase").asString()).isEqualTo("COMPLETED");
        assertThat(completed.path("verbs"))
                .as("nothing was ended by hand, so that nothing can be reopened")
                .isEmpty();
        assertThat(json("/api/v1/audit?saga=" + id)
                        .path("lines")
                        .path(0)
                        .path("entry")
                        .path("reason")
                        .asString())
                .isEqualTo("paid in cash");
    }

    @Test
    void who_asks_for_german_is_told_in_german_and_everybody_else_in_english() {
        UUID id = shop.stuck("told");
        String saga = "/api/v1/sagas/" + id;

        Answer german = inGerman(shop.get(saga));
        assertThat(german.http().headers().allValues("Vary")).anyMatch(names -> names.contains("Accept-Language"));
        assertThat(german.json().path("explanation").asString())
                .startsWith("Die Versuche an einem Schritt sind aufgebraucht. Schritt „charge“ ging an „till“")
                .endsWith("Von selbst folgt nichts.");
        assertThat(german.json().path("verdict").path("action").asString()).startsWith("Behebe, woran der Schritt");
        assertThat(german.json().path("reason"))
                .as("what the saga says itself")
                .isEqualTo(json(saga).path("reason"));
        assertThat(json(saga).path("explanation").asString())
                .startsWith("The attempts at a step are spent. Step 'charge' was sent to 'till'");
        assertThat(inGerman(shop.get("/api/v1/stuck/counts"))
                        .json()
                        .path("reasons")
                        .path("RETRIES_EXHAUSTED")
                        .path("sentence")
                        .asString())
                .isEqualTo("Die Versuche an einem Schritt sind aufgebraucht.");

        assertThat(inGerman(shop.post(saga + "/skip/foresee").own().json("{\"step\":\"charge\"}"))
                        .json()
                        .path("text")
                        .asString())
                .endsWith("dann ist sie COMPLETED");
        Answer refused = inGerman(shop.order(id, "resume", shop.revision(id), reason("es geht wieder")));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("NOT_POSSIBLE");
        assertThat(refused.header("Content-Language")).isEqualTo("de");
        assertThat(refused.json().path("detail").asString()).isEqualTo("Sie ist nicht angehalten.");
        assertThat(json("/api/v1/actions/" + refused.json().path("actionId").asLong())
                        .path("entry")
                        .path("explanation")
                        .asString())
                .as("the audit is in one language, whoever reads it")
                .isEqualTo("It is not paused.");
        Answer unread = inGerman(shop.get("/api/v1/sagas?q=version:x"));
        assertThat(detail(unread)).isEqualTo("Der Filter ist nicht zu verstehen: version:x ist keine Zahl.");
        assertThat(unread.json().path("title").asString()).isEqualTo("Falsche Anfrage");
        assertThat(unread.json().path("problems").path(0).asString()).isEqualTo("version:x ist keine Zahl.");
        assertThat(detail(inGerman(shop.get("/api/v1/sagas/nobody"))))
                .startsWith("„id“ ist so nicht zu lesen; erwartet: Id wie ");
        assertThat(detail(shop.get("/api/v1/stuck/counts")
                        .header("Accept-Language", "de")
                        .send()))
                .startsWith("Niemand ist angemeldet");
        JsonNode english =
                shop.get("/api/v1/sagas?q=version:x").by("admin").send().json();
        assertThat(english.path("detail").asString())
                .isEqualTo("The filter can't be understood: version:x is not a number.");
        assertThat(english.path("title").asString()).isEqualTo("Bad Request");
        assertThat(english.path("problems").path(0).asString()).isEqualTo("version:x is not a number.");
    }

    private static Answer inGerman(Shop.Call call) {
        return call.header("Accept-Language", "de-AT, en;q=0.5").by("admin").send();
    }

    private static String detail(Answer problem) {
        return problem.json().path("detail").asString();
    }

    private static Answer foreseen(UUID id, String verb, String body) {
        return shop.post("/api/v1/sagas/%s/%s/foresee".formatted(id, verb))
                .own()
                .json(body)
                .by("viewer")
                .send();
    }

    @Test
    void how_far_consumers_are_behind_is_told_of_each_topic_of_the_sagas_and_the_participants() {
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
    void a_command_is_found_in_kafka_where_its_participant_says_that_it_read_it() {
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
    void what_a_message_of_a_saga_held_is_read_in_kafka_masked_until_somebody_unmasks_it_which_is_noted() {
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
    void a_message_that_lies_around_can_be_looked_at_masked_and_dropped_and_that_is_noted() {
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
    void a_message_that_was_set_aside_is_handed_back_once_the_cause_is_mended_and_its_saga_goes_on() throws Exception {
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

    @Test
    void secrets_are_in_no_answer_until_somebody_unmasks_them_which_is_noted() {
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
    void data_of_a_version_that_is_not_here_is_masked_altogether() {
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

    @Test
    void what_did_not_change_is_not_sent_again() {
        Answer first = shop.get("/api/v1/stuck/counts").by("viewer").send();
        String tag = first.header("ETag");
        assertThat(tag).isNotEmpty();
        Answer script = shop.get("/assets/runbooks/HOT_RETRY.md").by("viewer").send();
        assertThat(script.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(shop.get("/assets/runbooks/HOT_RETRY.md")
                        .header("If-None-Match", script.header("ETag"))
                        .by("viewer")
                        .send()
                        .status())
                .isEqualTo(304);
    }

    @Test
    void what_can_not_be_understood_is_answered_with_what_is_expected() {
        Answer filter =
                shop.get("/api/v1/sagas?q=phase:LOST+colour:red").by("viewer").send();
        assertThat(filter.status()).isEqualTo(400);
        assertThat(filter.code()).isEqualTo("BAD_FILTER");
        assertThat(filter.json().path("problems").size()).isEqualTo(2);
        assertThat(shop.get("/api/v1/stuck?size=501").by("viewer").send().code())
                .isEqualTo("BAD_REQUEST");
        assertThat(shop.get("/api/v1/stuck?after=x").by("viewer").send().code()).isEqualTo("BAD_REQUEST");
        assertThat(shop.get("/api/v1/sagas/7")
                        .by("viewer")
                        .send()
                        .json()
                        .path("detail")
                        .asString())
                .contains("'id' is no id such as");
        UUID id = UUID.randomUUID();
        assertThat(shop.order(id, "pause", 1, "{\"reason\":\"r\",\"colour\":\"red\"}")
                        .by("admin")
                        .send()
                        .code())
                .isEqualTo("BAD_REQUEST");
        assertThat(shop.order(id, "pause", 1, "{\"reason\":\"%s\"}".formatted("x".repeat(70_000)))
                        .by("admin")
                        .send()
                        .status())
                .isEqualTo(413);
        assertThat(shop.post("/api/v1/sagas/%s/pause".formatted(id))
                        .own()
                        .header("Content-Type", "text/plain")
                        .by("admin")
                        .send()
                        .status())
                .isEqualTo(415);
    }

    @Test
    void pages_know_where_they_are_also_behind_a_proxy() {
        assertThat(shop.get("/").by("viewer").send().text()).contains("<base href=\"/shop/ops/console/\"");
        assertThat(shop.get("/sagas/" + UUID.randomUUID())
                        .header("X-Forwarded-Prefix", "/gateway")
                        .by("viewer")
                        .send()
                        .text())
                .contains("<base href=\"/gateway/ops/console/\"");
        Answer login = shop.get("/stuck").header("Accept", "text/html").send();
        assertThat(login.status()).isEqualTo(302);
        assertThat(login.header("Location")).endsWith("/shop/ops/console/login");
        assertThat(shop.get("").by("viewer").send().header("Location")).isEqualTo("/shop/ops/console/");
        Answer me = shop.get("/api/v1/me").by("viewer").send();
        assertThat(me.header("Set-Cookie"))
                .contains("XSRF-TOKEN=", "Path=/shop/ops/console", "SameSite=Strict")
                .doesNotContain("HttpOnly");
        assertThat(me.json().path("csrf").path("header").asString()).isEqualTo("X-XSRF-TOKEN");
    }

    @Test
    void somebody_logs_in_with_the_form_and_out_again() {
        Answer page = shop.get("/login").send();
        assertThat(page.text())
                .contains("<base href=\"/shop/ops/console/\">", "name=\"_csrf\"")
                .doesNotContain("{csrf}");
        Answer wrong = login("nobody");
        assertThat(wrong.header("Location")).endsWith("/shop/ops/console/login?error");
        Answer right = login("secret");
        assertThat(right.status()).isEqualTo(302);
        assertThat(right.header("Location")).endsWith("/shop/ops/console/");
        String session = right.http().headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith("JSESSIONID="))
                .map(cookie -> cookie.split(";")[0])
                .findFirst()
                .orElseThrow();
        assertThat(shop.get("/api/v1/me")
                        .header("Cookie", session)
                        .send()
                        .json()
                        .path("actor")
                        .asString())
                .isEqualTo("operator");
    }

    private static Answer login(String password) {
        return shop.post("/login")
                .header("Cookie", "XSRF-TOKEN=t")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body("username=operator&password=%s&_csrf=t".formatted(password))
                .send();
    }
}
