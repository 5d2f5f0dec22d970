package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.spring.boot.autoconfigure.console.Shop.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What comes of orders over HTTP. */
class ConsoleOrdersTest {
    private static Shop shop;

    @BeforeAll
    static void start() {
        shop = Shop.secured(
                "--server.servlet.context-path=/shop",
                "--saga.console.path=/ops/console",
                "--saga.console.four-eyes=resolve",
                "--saga.console.money-attribute=item",
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
    void an_order_names_what_was_seen_and_is_refused_if_that_changed() {
        UUID id = shop.stuck("changed");
        long seen = shop.revision(id);

        Answer blind = shop.post("/api/v1/sagas/%s/pause".formatted(id))
                .own()
                .by("operator")
                .json(reason("later"))
                .send();
        assertThat(blind.status()).isEqualTo(428);
        assertThat(blind.code()).isEqualTo("REVISION_NEEDED");
        Answer silent = shop.order(id, "pause", seen, "{}").by("operator").send();
        assertThat(silent.status()).isEqualTo(400);
        assertThat(shop.order(id, "pause", seen, reason("later"))
                        .by("operator")
                        .send()
                        .status())
                .isEqualTo(200);

        Answer late =
                shop.order(id, "resume", seen, reason("now")).by("operator").send();

        assertThat(late.status()).isEqualTo(409);
        assertThat(late.code()).isEqualTo("CHANGED_SINCE");
        assertThat(late.json().path("detail").asString()).contains("by operator");
        Answer twice = shop.order(id, "pause", shop.revision(id), reason("later"))
                .by("operator")
                .send();
        assertThat(twice.code()).isEqualTo("NOT_POSSIBLE");
        assertThat(twice.json().path("detail").asString()).isEqualTo("It is paused already.");
        assertThat(shop.order(UUID.randomUUID(), "pause", 1, reason("later"))
                        .by("operator")
                        .send()
                        .status())
                .isEqualTo(404);
    }

    @Test
    void a_repeat_under_the_same_key_is_not_carried_out_again() {
        UUID id = shop.stuck("repeated");
        long seen = shop.revision(id);

        Answer first = shop.order(id, "pause", seen, reason("later"))
                .header("Idempotency-Key", "k-1")
                .by("operator")
                .send();
        Answer again = shop.order(id, "pause", seen, reason("later"))
                .header("Idempotency-Key", "k-1")
                .by("operator")
                .send();
        Answer other = shop.order(id, "resume", seen, reason("later"))
                .header("Idempotency-Key", "k-1")
                .by("operator")
                .send();

        assertThat(first.json().path("repeated").asBoolean()).isFalse();
        assertThat(again.json().path("repeated").asBoolean()).isTrue();
        assertThat(again.json().path("actionId")).isEqualTo(first.json().path("actionId"));
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("KEY_REUSED");
    }

    @Test
    void what_needs_a_second_person_waits_for_one() {
        UUID id = shop.stuck("two");
        String body = "{\"reason\":\"settled by letter\",\"as\":\"COMPLETED\"}";

        Answer asked =
                shop.order(id, "resolve", shop.revision(id), body).by("admin").send();
        Answer again =
                shop.order(id, "resolve", shop.revision(id), body).by("admin").send();

        assertThat(asked.status()).as(asked.text()).isEqualTo(202);
        String request = asked.json().path("requestId").asString();
        assertThat(again.json().path("requestId").asString()).isEqualTo(request);
        assertThat(json("/api/v1/approvals").path("requests").toString()).contains(request);
        Answer own = shop.post("/api/v1/approvals/%s/approve".formatted(request))
                .own()
                .json("{}")
                .by("admin")
                .send();
        assertThat(own.code()).isEqualTo("NOT_POSSIBLE");
        Answer approved = shop.post("/api/v1/approvals/%s/approve".formatted(request))
                .own()
                .json("{}")
                .by("second")
                .send();
        assertThat(approved.status()).as(approved.text()).isEqualTo(200);
        assertThat(json("/api/v1/sagas/" + id).path("phase").asString()).isEqualTo("COMPLETED");
    }

    @Test
    void a_run_over_many_is_previewed_planned_started_and_told_of() {
        UUID id = shop.stuck("many");
        String order = "{\"verb\":\"retry\",\"q\":\"key:many\"%s}";

        Answer preview = shop.post("/api/v1/runs/preview")
                .own()
                .json(order.formatted(""))
                .by("operator")
                .send();
        assertThat(preview.status()).as(preview.text()).isEqualTo(200);
        assertThat(preview.json().path("count").asLong()).isEqualTo(1);
        assertThat(preview.json().path("dryRun").path("counts").path("DONE").asLong())
                .isEqualTo(1);
        Answer planned = shop.post("/api/v1/runs")
                .own()
                .json(order.formatted(",\"reason\":\"the till is mended\",\"ramp\":[1]"))
                .by("operator")
                .send();
        assertThat(planned.status()).as(planned.text()).isEqualTo(201);
        String run = planned.json().path("id").asString();
        Answer started = shop.post("/api/v1/runs/%s/start".formatted(run))
                .own()
                .json("{}")
                .by("operator")
                .send();
        assertThat(started.status()).as(started.text()).isEqualTo(200);

        // The till is still broken, so that it fails again, and the run stops or ends.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> List.of("DONE", "STOPPED")
                        .contains(json("/api/v1/runs/" + run).path("state").asString()));
        JsonNode items = json("/api/v1/runs/%s/items".formatted(run)).path("items");
        assertThat(items.path(0).path("sagaId").asString()).isEqualTo(id.toString());
        assertThat(items.path(0).path("state").asString()).isEqualTo("FAILED_AGAIN");
        assertThat(shop.post("/api/v1/runs/preview")
                        .own()
                        .json("{\"verb\":\"compensate\",\"q\":\"key:many\"}")
                        .by("operator")
                        .send()
                        .code())
                .isEqualTo("FORBIDDEN");
    }

    @Test
    void what_is_known_of_a_group_is_written_down_by_operators_and_seen_by_all() {
        UUID id = shop.stuck("noted");
        String group = json("/api/v1/groups").path("groups").path(0).path("id").asString();
        Instant until = Instant.now().plus(Duration.ofDays(2)).truncatedTo(ChronoUnit.SECONDS);
        String body =
                "{\"reason\":\"seen before\",\"note\":\"the till is old\",\"owner\":\"team till\",\"mutedUntil\":\"%s\"}";

        assertThat(note(group, "viewer", "0", body.formatted(until)).code()).isEqualTo("FORBIDDEN");
        assertThat(note(group, "operator", "0", "{\"note\":\"x\"}").status()).isEqualTo(400);
        assertThat(note(group, "operator", "0", body.formatted(until.plus(Duration.ofDays(29))))
                        .status())
                .isEqualTo(400);
        assertThat(note("0123456789abcdef", "operator", "0", body.formatted(until))
                        .code())
                .isEqualTo("NOT_FOUND");
        Answer done = note(group, "operator", "0", body.formatted(until));
        Answer late = note(group, "second", "0", body.formatted(until));

        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.code()).isEqualTo("CHANGED_SINCE");
        assertThat(late.json().path("detail").asString()).startsWith("operator changed");
        JsonNode seen = json("/api/v1/groups?q=group:" + group).path("groups").path(0);
        assertThat(seen.path("hours").size()).isEqualTo(12);
        assertThat(seen.path("note").path("text").asString()).isEqualTo("the till is old");
        assertThat(seen.path("note").path("owner").asString()).isEqualTo("team till");
        assertThat(seen.path("note").path("mutedUntil").asString()).isEqualTo(until.toString());
        assertThat(seen.path("note").path("revision").asLong()).isEqualTo(1);
        assertThat(json("/api/v1/stuck").path("sagas").valueStream())
                .filteredOn(saga -> saga.path("sagaId").asString().equals(id.toString()))
                .extracting(saga -> saga.path("mutedUntil").asString())
                .containsExactly(until.toString());
        JsonNode lines = json("/api/v1/audit?verb=group-note").path("lines");
        assertThat(lines.size()).isEqualTo(2);
        assertThat(lines.path(0).path("entry").path("result").asString()).isEqualTo("REFUSED");
        assertThat(lines.path(1).path("entry").path("subject").path("filter").asString())
                .isEqualTo("group:" + group);
    }

    private static Answer note(String group, String who, String seen, String body) {
        return shop.post("/api/v1/groups/%s/note".formatted(group))
                .own()
                .header("If-Match", "\"%s\"".formatted(seen))
                .json(body)
                .by(who)
                .send();
    }

    @Test
    void somebody_else_declines_and_who_asked_withdraws() {
        UUID id = shop.stuck("declined");
        String body = "{\"reason\":\"settled\",\"as\":\"COMPENSATED\"}";
        String first = shop.order(id, "resolve", shop.revision(id), body)
                .by("admin")
                .send()
                .json()
                .path("requestId")
                .asString();

        assertThat(decide(first, "withdraw", "second").code()).isEqualTo("NOT_POSSIBLE");
        assertThat(decide(first, "decline", "admin").code()).isEqualTo("NOT_POSSIBLE");
        assertThat(decide(first, "decline", "second").json().path("state").asString())
                .isEqualTo("DECLINED");
        String second = shop.order(id, "resolve", shop.revision(id), body)
                .by("admin")
                .send()
                .json()
                .path("requestId")
                .asString();
        assertThat(second).isNotEqualTo(first);
        assertThat(decide(second, "withdraw", "admin").json().path("state").asString())
                .isEqualTo("WITHDRAWN");
        assertThat(json("/api/v1/sagas/" + id).path("phase").asString()).isEqualTo("STUCK");
        assertThat(decide(UUID.randomUUID().toString(), "decline", "admin").status())
                .isEqualTo(404);
    }

    private static Answer decide(String request, String what, String who) {
        return shop.post("/api/v1/approvals/%s/%s".formatted(request, what))
                .own()
                .json(reason("no"))
                .by(who)
                .send();
    }

    @Test
    void what_becomes_of_a_refused_message_is_noted_with_it() {
        shop.jdbc.update("""
                insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by)
                values ('letters', 'a', 1, 77)""");
        shop.jdbc.update("""
                insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid,
                                         created_at, reason_code, reason)
                values (77, gen_random_uuid(), 'letters', 'a', 'letter', '', '', 1, '5', now(), 'RECORD_TOO_LARGE', '')""");
        assertThat(json("/api/v1/outbox")
                        .path("parked")
                        .path(0)
                        .path("position")
                        .asLong())
                .isEqualTo(77);

        Answer done = shop.post("/api/v1/outbox/parked/77/discard")
                .own()
                .json(reason("nobody reads it"))
                .by("admin")
                .send();
        Answer again = shop.post("/api/v1/outbox/parked/77/discard")
                .own()
                .json(reason("nobody reads it"))
                .by("admin")
                .send();

        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(done.json().path("outcome").asString()).isEqualTo("DONE");
        assertThat(again.status()).isEqualTo(404);
        assertThat(json("/api/v1/audit?verb=outbox-discard").path("lines").valueStream())
                .extracting(line -> line.path("entry"))
                .filteredOn(entry -> entry.path("arguments").asString().equals("{\"position\":\"77\"}"))
                .extracting(entry -> entry.path("result").asString() + " "
                        + entry.path("reason").asString())
                .containsExactly("REFUSED nobody reads it", "NOTED nobody reads it");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/messages/parked/%d/discard, message-discard",
        "/api/v1/outbox/parked/78/discard, outbox-discard"
    })
    void a_repeat_of_an_order_about_a_message_is_not_carried_out_again(String path, String verb) {
        shop.jdbc.update("insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by)"
                + " values ('letters', 'b', 1, 78) on conflict do nothing");
        shop.jdbc.update(
                "insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket,"
                        + " xid, created_at) values (78, gen_random_uuid(), 'letters', 'b', 'letter', '', '', 1, '5', now())"
                        + " on conflict do nothing");
        Long message = shop.jdbc.queryForObject(
                "with k as (insert into saga_inbox_parked_key (consumer, topic)"
                        + " values ('reader', 'letters') returning id) insert into saga_inbox_parked (key_id, topic_id, partition,"
                        + " record_offset, record_timestamp, headers) select id, gen_random_uuid(), 0, 7, 0, '' from k returning id",
                Long.class);
        String concrete = path.formatted(message);

        Answer first = keyed(concrete, "once-" + verb, reason("nobody reads it"));
        Answer again = keyed(concrete, "once-" + verb, reason("nobody reads it"));

        assertThat(first.status()).as(first.text()).isEqualTo(200);
        assertThat(again.status()).as(again.text()).isEqualTo(200);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(keyed(
                                concrete.replace("discard", concrete.contains("outbox") ? "unpark" : "retry"),
                                "once-" + verb,
                                reason("x"))
                        .code())
                .isEqualTo("KEY_REUSED");
        assertThat(keyed(concrete, "another-" + verb, reason("nobody reads it")).status())
                .isEqualTo(404);
        assertThat(json("/api/v1/audit?verb=" + verb)
                        .path("lines")
                        .valueStream()
                        .map(line -> line.path("entry"))
                        .filter(entry -> entry.path("result").asString().equals("NOTED")
                                && entry.path("idempotencyKey").asString().equals("once-" + verb)))
                .hasSize(1);
    }

    @Test
    void a_repeat_of_planning_and_starting_a_run_is_the_same_run() {
        shop.stuck("planned twice");
        String order = "{\"verb\":\"retry\",\"q\":\"key:\\\"planned twice\\\"\",\"reason\":\"mended\"%s}";
        Answer planned = keyed("/api/v1/runs", "plan-1", order.formatted(""));
        assertThat(planned.status()).as(planned.text()).isEqualTo(201);
        String run = planned.json().path("id").asString();

        assertThat(keyed("/api/v1/runs", "plan-1", order.formatted(""))
                        .json()
                        .path("id")
                        .asString())
                .isEqualTo(run);
        assertThat(keyed("/api/v1/runs", "plan-1", order.formatted(",\"perSecond\":7"))
                        .code())
                .isEqualTo("KEY_REUSED");
        String start = "/api/v1/runs/%s/start".formatted(run);
        assertThat(keyed(start, "start-1", "{}").status()).isEqualTo(200);
        assertThat(keyed(start, "start-1", "{}").status()).isEqualTo(200);
        assertThat(keyed(start, "start-2", "{}").code()).isEqualTo("NOT_POSSIBLE");
    }

    @Test
    void nothing_is_edited_unless_that_was_switched_on() {
        UUID id = shop.stuck("not edited");
        Answer order = shop.order(id, "edit-and-retry", shop.revision(id), "{\"reason\":\"r\",\"data\":\"{}\"}")
                .by("admin")
                .send();

        assertThat(order.status()).isEqualTo(403);
        assertThat(order.code()).isEqualTo("EDIT_OFF");
        assertThat(shop.get("/api/v1/outbox/parked/77").by("admin").send().code())
                .isEqualTo("EDIT_OFF");
        assertThat(json("/api/v1/sagas/" + id).path("verbs").toString()).doesNotContain("edit");
    }

    private static Answer keyed(String path, String key, String body) {
        return shop.post(path)
                .own()
                .header("Idempotency-Key", key)
                .json(body)
                .by("admin")
                .send();
    }
}
