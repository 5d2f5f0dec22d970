package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.spring.boot.autoconfigure.console.Shop.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
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
        assertThat(json("/api/v1/me").path("application").asString()).isEqualTo("the-shop");
        assertThat(shop.get("/" + stuck.path("runbook").asString())
                        .by("viewer")
                        .send()
                        .text())
                .contains("RETRIES_EXHAUSTED");

        JsonNode saga = json("/api/v1/sagas/" + id);
        assertThat(saga.path("verdict").path("reason").asString()).isEqualTo("RETRIES_EXHAUSTED");
        assertThat(saga.path("explanation").asString()).contains("charge");
        assertThat(saga.path("verbs").toString())
                .contains("retry", "skip", "resolve")
                .doesNotContain("\"resume\"");
        assertThat(saga.path("steps").path(1).path("name").asString()).isEqualTo("charge");
        assertThat(saga.path("steps").path(0).path("forward").asString()).isEqualTo("DONE");
        assertThat(json("/api/v1/sagas/%s/foresee?verb=skip&step=charge".formatted(id))
                        .path("result")
                        .asString())
                .isEqualTo("DONE");

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
        assertThat(json("/api/v1/sagas/" + id).path("phase").asString()).isEqualTo("COMPLETED");
        assertThat(json("/api/v1/audit?saga=" + id)
                        .path("lines")
                        .path(0)
                        .path("entry")
                        .path("reason")
                        .asString())
                .isEqualTo("paid in cash");
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

        Answer refused = shop.get("/api/v1/sagas/%s/data?unmask=true".formatted(id))
                .by("operator")
                .send();
        assertThat(refused.code()).isEqualTo("FORBIDDEN");
        JsonNode seen = json("/api/v1/sagas/%s/data?unmask=true&reason=the+customer+called".formatted(id));
        assertThat(seen.path("data").asString()).contains(Shop.SECRET, Shop.STREET, Shop.CARD);
        assertThat(seen.path("masked").asBoolean()).isFalse();
        JsonNode line = json("/api/v1/audit?verb=unmask&saga=" + id)
                .path("lines")
                .path(0)
                .path("entry");
        assertThat(line.path("operator").path("name").asString()).isEqualTo("admin");
        assertThat(line.path("reason").asString()).isEqualTo("the customer called");
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
        JsonNode lines = json("/api/v1/audit?verb=outbox-discard").path("lines");
        assertThat(lines.size()).isEqualTo(2);
        assertThat(lines.path(0).path("entry").path("result").asString()).isEqualTo("REFUSED");
        assertThat(lines.path(1).path("entry").path("arguments").asString()).isEqualTo("{\"position\":\"77\"}");
        assertThat(lines.path(1).path("entry").path("reason").asString()).isEqualTo("nobody reads it");
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
