package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.verbs.Approvals;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.VerbOrder;
import io.amends.outbox.HeaderCodec;
import io.amends.spring.boot.autoconfigure.console.Shop.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Data and messages are edited where that is switched on. */
class ConsoleEditTest {

    private static Shop shop;

    @BeforeAll
    static void start() {
        shop = Shop.secured(
                "--saga.console.edit=true",
                "--saga.console.four-eyes=bulk",
                "--saga.console.permissions.export-audit=ROLE_AMENDS_OPERATOR",
                "--saga.console.permissions.approve=ROLE_AMENDS_ADMIN",
                "--saga.console.permissions.resolve=ROLE_AMENDS_OPERATOR");
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

    private static String body(String data) {
        return JsonMapper.shared().writeValueAsString(Map.of("reason", "the customer mistyped it", "data", data));
    }

    private static Answer foreseen(UUID id, String who, String data) {
        return shop.post("/api/v1/sagas/%s/edit-and-retry/foresee".formatted(id))
                .own()
                .json(body(data))
                .by(who)
                .send();
    }

    @Test
    void the_data_of_a_stuck_saga_is_edited_as_it_is_shown_and_secrets_stay_what_they_are() {
        UUID id = shop.stuck("edited");
        assertThat(json("/api/v1/sagas/" + id).path("verbs").toString()).contains("edit-and-retry");
        assertThat(json("/api/v1/me").path("features").path("edit").asBoolean()).isTrue();
        String edited = json("/api/v1/sagas/%s/data".formatted(id))
                .path("data")
                .asString()
                .replace("\"pen\"", "\"pencil\"");
        assertThat(edited).contains("***", "pencil").doesNotContain(Shop.SECRET);

        assertThat(foreseen(id, "operator", edited).code()).isEqualTo("FORBIDDEN");
        JsonNode seen = foreseen(id, "admin", edited).json();
        assertThat(seen.path("result").asString()).as(seen.toString()).isEqualTo("DONE");
        assertThat(seen.path("changes").toString())
                .isEqualTo("[{\"at\":\"/item\",\"before\":\"\\\"pen\\\"\",\"after\":\"\\\"pencil\\\"\"}]");
        long revision = shop.revision(id);
        assertThat(shop.order(id, "edit-and-retry", revision, body(edited))
                        .by("operator")
                        .send()
                        .code())
                .isEqualTo("FORBIDDEN");
        Answer done = shop.order(id, "edit-and-retry", revision, body(edited))
                .by("admin")
                .send();

        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(done.json().path("explanation").asString()).isEqualTo("Changed: /item.");
        String stored = new String(
                shop.jdbc.queryForObject("select data from saga_instance where saga_id = ?", byte[].class, id),
                StandardCharsets.UTF_8);
        assertThat(stored).contains("pencil", Shop.SECRET, Shop.CARD, Shop.STREET);
        assertThat(shop.jdbc.queryForObject(
                        "select attributes ->> 'item' from saga_instance where saga_id = ?", String.class, id))
                .isEqualTo("pencil");
        String line = "/api/v1/actions/" + done.json().path("actionId").asLong();
        assertThat(json(line + "/edit").path("before").asString()).contains("\"item\":\"pen\"");
        assertThat(json(line + "/edit").path("after").asString()).contains("\"item\":\"pencil\"", "***");
        for (String path : List.of(line, line + "/edit", "/api/v1/audit", "/api/v1/audit/export?format=jsonl")) {
            assertThat(shop.get(path).by("viewer").send().text())
                    .as(path)
                    .doesNotContain(Shop.SECRET, Shop.CARD, Shop.STREET);
        }
        assertThat(shop.order(id, "edit-and-retry", revision, body(edited.replace("pencil", "ink")))
                        .by("admin")
                        .send()
                        .code())
                .isEqualTo("CHANGED_SINCE");
    }

    @Test
    void the_second_person_of_an_edit_sees_what_it_changes_and_the_list_reads_no_data() {
        UUID id = shop.stuck("asked");
        String edited = json("/api/v1/sagas/%s/data".formatted(id))
                .path("data")
                .asString()
                .replace("\"pen\"", "\"brush\"")
                .replaceFirst("\"\\*\\*\\*\"", "\"4222222222222\"");
        String request = shop.context
                .getBean(Approvals.class)
                .ask(
                        new VerbOrder(
                                id,
                                new ConsoleVerb.EditAndRetry(edited),
                                new Operator("admin", null),
                                "the customer mistyped it",
                                shop.revision(id),
                                null),
                        Duration.ofHours(1))
                .request()
                .id()
                .toString();

        JsonNode foreseen = json("/api/v1/approvals/" + request).path("foreseen");
        assertThat(foreseen.path("result").asString()).as(foreseen.toString()).isEqualTo("DONE");
        assertThat(foreseen.path("changes").toString())
                .contains("{\"at\":\"/item\",\"before\":\"\\\"pen\\\"\",\"after\":\"\\\"brush\\\"\"}")
                .contains("\"before\":\"\\\"***\\\"\",\"after\":\"\\\"***\\\"\"");
        JsonNode row = json("/api/v1/approvals").path("requests").path(0);
        assertThat(row.path("id").asString()).isEqualTo(request);
        assertThat(row.path("arguments").size()).as(row.toString()).isZero();
        assertThat(row.path("foreseen").isNull()).isTrue();
        for (String path : List.of("/api/v1/approvals", "/api/v1/approvals/" + request)) {
            assertThat(shop.get(path).by("viewer").send().text())
                    .as(path)
                    .doesNotContain(Shop.SECRET, Shop.CARD, Shop.STREET, "4222222222222");
        }

        shop.order(id, "pause", shop.revision(id), "{\"reason\":\"wait\"}")
                .by("operator")
                .send();
        JsonNode since = json("/api/v1/approvals/" + request).path("foreseen");
        assertThat(since.path("result").asString()).isEqualTo("CHANGED_SINCE");
        assertThat(since.path("text").asString()).contains("changed since").contains("Decline");
        shop.post("/api/v1/approvals/%s/decline".formatted(request))
                .own()
                .json("{\"reason\":\"paused\"}")
                .by("second")
                .send();
        assertThat(json("/api/v1/approvals/" + request).path("foreseen").isNull())
                .isTrue();
    }

    @Test
    void what_would_be_discarded_is_refused_with_its_place() {
        UUID id = shop.stuck("discarded");
        String edited = json("/api/v1/sagas/%s/data".formatted(id))
                .path("data")
                .asString()
                .replace("\"item\":", "\"colour\":\"secret-red\",\"item\":");

        Answer refused = shop.order(id, "edit-and-retry", shop.revision(id), body(edited))
                .by("admin")
                .send();

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().path("detail").asString())
                .contains("does not have /colour")
                .doesNotContain("secret-red");
        Answer many = shop.post("/api/v1/runs/preview")
                .own()
                .json("{\"verb\":\"edit-and-retry\",\"q\":\"key:discarded\",\"arguments\":{\"data\":\"{}\"}}")
                .by("admin")
                .send();
        assertThat(many.status()).as(many.text()).isEqualTo(400);
    }

    @Test
    void a_message_that_kafka_refused_is_edited_and_goes_on() {
        String before = "{\"amount\":\"12 EUR\",\"cardNumber\":\"%s\"}".formatted(Shop.CARD);
        park(91, before, new byte[0]);
        assertThat(shop.get("/api/v1/outbox/parked/91").by("operator").send().code())
                .isEqualTo("FORBIDDEN");
        JsonNode parked = json("/api/v1/outbox/parked/91");
        assertThat(parked.path("payload").asString()).isEqualTo("{\"amount\":\"***\",\"cardNumber\":\"***\"}");
        String wrong = "{\"payload\":\"{\\\"amount\\\":\\\"***\\\",\\\"colour\\\":1}\",\"reason\":\"r\"}";
        String right =
                "{\"payload\":\"{\\\"amount\\\":\\\"3 EUR\\\",\\\"cardNumber\\\":\\\"***\\\"}\",\"reason\":\"r\"}";

        assertThat(edit(null, right).code()).isEqualTo("REVISION_NEEDED");
        assertThat(edit("0000000000000000", right).code()).isEqualTo("CHANGED_SINCE");
        String revision = parked.path("revision").asString();
        assertThat(edit(revision, wrong).json().path("detail").asString()).contains("does not have /colour");
        JsonNode told = shop.post("/api/v1/outbox/parked/91/edit/foresee")
                .own()
                .json(right)
                .by("admin")
                .send()
                .json();
        assertThat(told.path("changes").toString())
                .isEqualTo("[{\"at\":\"/amount\",\"before\":\"\\\"***\\\"\",\"after\":\"\\\"***\\\"\"}]");
        Answer done = edit(revision, right);

        assertThat(done.status()).as(done.text()).isEqualTo(200);
        JsonNode line = json("/api/v1/audit?verb=outbox-edit").path("lines").path(0);
        assertThat(line.toString())
                .doesNotContain("3 EUR", Shop.CARD)
                .as("can be guessed from")
                .doesNotContain(sha256("{\"amount\":\"3 EUR\",\"cardNumber\":\"***\"}"));
        assertThat(shop.get("/api/v1/actions/%s/edit".formatted(line.path("id").asLong()))
                        .by("operator")
                        .send()
                        .code())
                .isEqualTo("FORBIDDEN");
        assertThat(shop.jdbc.queryForObject(
                        "select data_after from saga_console_action where action_id = ?",
                        String.class,
                        line.path("id").asLong()))
                .isEqualTo("{\"amount\":\"3 EUR\",\"cardNumber\":\"%s\"}".formatted(Shop.CARD));
        assertThat(shop.jdbc.queryForObject(
                        "select convert_from(payload, 'UTF8') from saga_outbox_audit where position = 91 and verb = 'edit'",
                        String.class))
                .isEqualTo(before);
    }

    @Test
    void a_refused_message_is_given_another_topic_as_it_is_and_a_signed_one_is_not_edited() {
        park(92, "{\"amount\":\"1\"}", new byte[0]);
        park(93, "{\"amount\":\"1\"}", HeaderCodec.encode(Map.of("saga_signature", new byte[] {1})));
        String elsewhere = "{\"topic\":\"parcels\",\"payload\":\"{ \\\"amount\\\" : \\\"***\\\" }\",\"reason\":\"r\"}";

        assertThat(foresee(92, elsewhere).json().path("changes").toString())
                .isEqualTo("[{\"at\":\"topic\",\"before\":\"letters\",\"after\":\"parcels\"}]");
        assertThat(foresee(93, elsewhere).text()).contains("It is signed", "Unpark it as it is");
    }

    @Test
    void why_a_refused_message_is_not_edited_is_told_in_the_language_of_who_ordered_it() {
        park(94, "{\"amount\":\"1\"}", HeaderCodec.encode(Map.of("saga_signature", new byte[] {1})));
        String path = "/api/v1/outbox/parked/94";
        String revision = json(path).path("revision").asString();

        Answer refused = shop.post(path + "/edit")
                .own()
                .header("If-Match", '"' + revision + '"')
                .header("Accept-Language", "de")
                .json("{\"topic\":\"parcels\",\"reason\":\"r\"}")
                .by("admin")
                .send();

        assertThat(refused.code()).as(refused.text()).isEqualTo("NOT_POSSIBLE");
        assertThat(refused.json().path("detail").asString()).startsWith("Sie ist signiert");
        assertThat(json("/api/v1/audit?verb=outbox-edit")
                        .path("lines")
                        .path(0)
                        .path("entry")
                        .path("explanation")
                        .asString())
                .as("the audit is in one language, whoever reads it")
                .startsWith("It is signed");
        assertThat(inGerman(path + "/discard", "{\"reason\":\"r\"}")
                        .json()
                        .path("said")
                        .asString())
                .startsWith("Für Stelle 94 erledigt");
        assertThat(inGerman(path + "/unpark", "{\"reason\":\"r\"}")
                        .json()
                        .path("detail")
                        .asString())
                .startsWith("Stelle 94 ist nicht geparkt");

        park(95, "{\"amount\":\"1\"}", new byte[0]);
        Answer edited = shop.post("/api/v1/outbox/parked/95/edit")
                .own()
                .header(
                        "If-Match",
                        '"' + json("/api/v1/outbox/parked/95").path("revision").asString() + '"')
                .header("Accept-Language", "de")
                .json("{\"topic\":\"parcels\",\"reason\":\"r\"}")
                .by("admin")
                .send();
        assertThat(edited.json().path("said").asString()).as(edited.text()).startsWith("Für Stelle 95 erledigt");
    }

    private static Answer inGerman(String path, String body) {
        return shop.post(path)
                .own()
                .header("Accept-Language", "de")
                .json(body)
                .by("admin")
                .send();
    }

    @Test
    void what_is_given_by_name_is_for_those_with_its_authority_whatever_their_role() {
        UUID id = shop.stuck("by name");
        String resolve = "{\"as\":\"COMPENSATED\",\"reason\":\"paid back by hand\"}";

        assertThat(me("admin").path("permissions").toString())
                .contains("REPAIR", "APPROVE")
                .doesNotContain("EXPORT_AUDIT");
        assertThat(me("operator").path("permissions").toString())
                .contains("EXPORT_AUDIT")
                .doesNotContain("REPAIR", "APPROVE");
        assertThat(me("admin").path("verbs").toString()).contains("skip").doesNotContain("resolve");
        assertThat(me("operator").path("verbs").toString()).contains("resolve").doesNotContain("skip");
        assertThat(json("/api/v1/sagas/" + id).path("verbs").toString())
                .contains("skip")
                .doesNotContain("resolve");
        Answer export = shop.get("/api/v1/audit/export").by("admin").send();
        assertThat(export.code()).isEqualTo("FORBIDDEN");
        assertThat(export.text()).contains("saga.console.permissions");
        assertThat(shop.get("/api/v1/audit/export").by("operator").send().status())
                .isEqualTo(200);

        Answer refused = shop.order(id, "resolve", shop.revision(id), resolve)
                .by("admin")
                .send();
        assertThat(refused.code()).isEqualTo("FORBIDDEN");
        assertThat(refused.text()).contains("'resolve' is for those with certain authorities");
        Answer done = shop.order(id, "resolve", shop.revision(id), resolve)
                .by("operator")
                .send();
        assertThat(done.status()).as(done.text()).isEqualTo(200);
    }

    @Test
    void a_run_that_needs_a_second_person_is_started_by_those_only_who_may_approve() {
        shop.stuck("ofmany");
        String planned = shop.post("/api/v1/runs")
                .own()
                .json("{\"verb\":\"pause\",\"q\":\"key:ofmany\",\"reason\":\"the bank is closed\"}")
                .by("second")
                .send()
                .json()
                .path("id")
                .asString();

        Answer refused = start(planned, "operator");
        assertThat(refused.code()).as(refused.text()).isEqualTo("FORBIDDEN");
        assertThat(refused.text()).contains("APPROVE");
        assertThat(start(planned, "second").text()).contains("needs a second person");
        Answer started = start(planned, "admin");
        assertThat(started.json().path("approvedBy").asString())
                .as(started.text())
                .isEqualTo("admin");
    }

    private static Answer start(String run, String who) {
        return shop.post("/api/v1/runs/%s/start".formatted(run))
                .own()
                .json("{}")
                .by(who)
                .send();
    }

    private static JsonNode me(String who) {
        return shop.get("/api/v1/me").by(who).send().json();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Answer foresee(long position, String body) {
        return shop.post("/api/v1/outbox/parked/%d/edit/foresee".formatted(position))
                .own()
                .json(body)
                .by("admin")
                .send();
    }

    /** Under a key of its own. */
    private static void park(long position, String payload, byte[] headers) {
        shop.jdbc.update(
                "insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by) values ('letters', ?, 1, ?)",
                "key-" + position,
                position);
        shop.jdbc.update(
                "insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid,"
                        + " created_at, reason_code) values (?, gen_random_uuid(), 'letters', ?, 'charge', ?, ?, 1, '5', now(),"
                        + " 'RECORD_TOO_LARGE')",
                position,
                "key-" + position,
                payload.getBytes(StandardCharsets.UTF_8),
                headers);
    }

    private static Answer edit(@Nullable String revision, String body) {
        Shop.Call call =
                shop.post("/api/v1/outbox/parked/91/edit").own().json(body).by("admin");
        return (revision == null ? call : call.header("If-Match", '"' + revision + '"')).send();
    }
}
