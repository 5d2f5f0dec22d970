package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.rest.ConsoleRoutes.Route;
import io.amends.dashboard.twopc.InDoubtSource;
import io.amends.dashboard.verbs.Approvals;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.VerbOrder;
import io.amends.outbox.HeaderCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** That whoever changes something through the console is noted: for each route that the application has. */
class ConsoleAuditTest {

    private static final String REASON = "{\"reason\":\"to see what is noted\"}";

    private static final String ORDER = "{\"verb\":\"resume\",\"q\":\"key:audited\",\"reason\":\"mended\"}";

    private static Shop shop;
    private static UUID saga;

    @BeforeAll
    static void start() {
        shop = Shop.securedWith(Branches.class, "--saga.console.edit=true");
        saga = shop.stuck("audited");
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    /** An application with two-phase commits, none of which is in doubt. */
    @Configuration(proxyBeanMethods = false)
    static class Branches {

        @Bean
        InDoubtSource noBranches() {
            return new InDoubtSource() {
                @Override
                public InDoubt look() {
                    return new InDoubt(true, List.of(), List.of());
                }

                @Override
                public OptionalLong number() {
                    return OptionalLong.of(0);
                }
            };
        }
    }

    /**
     * A call of a route that has its effect.
     *
     * @param lines how many lines the audit is to have more afterwards
     * @param prepared makes what the call is about, and the call
     */
    private record Effective(int lines, Supplier<Shop.Call> prepared) {}

    /** What each route that is not only read does, and what is to be noted of it; a route that is not here fails the test. */
    private static Map<String, Effective> effective() {
        Map<String, Effective> all = new LinkedHashMap<>();
        all.put("/api/v1/groups/{id}/note", once(() -> {
            String group =
                    read("/api/v1/groups").path("groups").path(0).path("id").asString();
            return post("/api/v1/groups/%s/note", group).header("If-Match", "\"0\"");
        }));
        all.put("/api/v1/sagas/{id}/data/unmask", once(() -> post("/api/v1/sagas/%s/data/unmask", saga)));
        all.put(
                "/api/v1/sagas/{id}/records/{message}/unmask",
                once(() -> post("/api/v1/sagas/" + saga + "/records/%s/unmask", sent())));
        all.put("/api/v1/sagas/{id}/{verb}/foresee", never(() -> post("/api/v1/sagas/%s/pause/foresee", saga)));
        runs(all);
        messages(all);
        views(all);
        all.put("/api/v1/in-doubt/settle", once(() -> post("/api/v1/in-doubt/settle", "")));
        // Last, since they hold the saga and let it go on.
        all.put(
                "/api/v1/sagas/{id}/{verb}",
                once(() ->
                        shop.order(saga, "pause", shop.revision(saga), REASON).by("admin")));
        all.put("/api/v1/approvals/{id}/withdraw", once(() -> post("/api/v1/approvals/%s/withdraw", asked())));
        all.put("/api/v1/approvals/{id}/decline", once(() -> second("/api/v1/approvals/%s/decline", asked())));
        // The approval, and the order that it lets through.
        all.put(
                "/api/v1/approvals/{id}/approve",
                new Effective(2, () -> second("/api/v1/approvals/%s/approve", asked())));
        return all;
    }

    private static void runs(Map<String, Effective> all) {
        all.put("/api/v1/runs/preview", never(() -> {
            return call("/api/v1/runs/preview", "{\"verb\":\"resume\",\"q\":\"key:audited\"}");
        }));
        all.put("/api/v1/runs", once(() -> {
            return call("/api/v1/runs", ORDER);
        }));
        all.put("/api/v1/runs/{id}/start", once(() -> post("/api/v1/runs/%s/start", planned())));
        all.put("/api/v1/runs/{id}/pause", once(() -> post("/api/v1/runs/%s/pause", planned("RUNNING"))));
        all.put("/api/v1/runs/{id}/resume", once(() -> post("/api/v1/runs/%s/resume", planned("PAUSED"))));
        all.put("/api/v1/runs/{id}/cancel", once(() -> post("/api/v1/runs/%s/cancel", planned())));
    }

    private static void messages(Map<String, Effective> all) {
        all.put("/api/v1/messages/set-aside/{topic}/{partition}/{offset}/discard", once(() -> {
            shop.jdbc.update("""
                    insert into saga_inbox_quarantine (topic, partition_no, offset_no, headers, reason_code, reason)
                    values ('saga.purchase.replies', 0, 4711, '', 'MALFORMED_PAYLOAD', '')""");
            return post("/api/v1/messages/set-aside/saga.purchase.replies/0/4711/discard", "");
        }));
        all.put("/api/v1/messages/set-aside/{topic}/{partition}/{offset}/replay", once(() -> {
            shop.jdbc.update(
                    "insert into saga_inbox_quarantine (topic, partition_no, offset_no, payload, headers, reason_code, reason)"
                            + " values ('saga.purchase.replies', 0, 4712, '{}', ?, 'UNKNOWN_TYPE', '')",
                    HeaderCodec.encode(Shop.reply(saga, "reserve", "store")));
            return post("/api/v1/messages/set-aside/saga.purchase.replies/0/4712/replay", "");
        }));
        all.put(
                "/api/v1/messages/parked/{id}/retry",
                once(() -> post("/api/v1/messages/parked/%s/retry", parkedMessage("a"))));
        all.put(
                "/api/v1/messages/parked/{id}/discard",
                once(() -> post("/api/v1/messages/parked/%s/discard", parkedMessage("b"))));
        all.put(
                "/api/v1/outbox/parked/{position}/unpark",
                once(() -> post("/api/v1/outbox/parked/%s/unpark", parked(81))));
        all.put(
                "/api/v1/outbox/parked/{position}/discard",
                once(() -> post("/api/v1/outbox/parked/%s/discard", parked(82))));
        String edited = "{\"payload\":\"{\\\"amount\\\":\\\"3 EUR\\\"}\",\"reason\":\"r\"}";
        all.put(
                "/api/v1/outbox/parked/{position}/edit/foresee",
                never(() -> call("/api/v1/outbox/parked/%s/edit/foresee".formatted(parked(83)), edited)));
        all.put("/api/v1/outbox/parked/{position}/edit", once(() -> {
            String path = "/api/v1/outbox/parked/%s".formatted(parked(84));
            return call(path + "/edit", edited)
                    .header("If-Match", '"' + read(path).path("revision").asString() + '"');
        }));
    }

    private static void views(Map<String, Effective> all) {
        String view = "{\"name\":\"%s\",\"q\":\"phase:STUCK\",\"reason\":\"all need it\"%s}";
        all.put("/api/v1/views", once(() -> call("/api/v1/views", view.formatted("saved", ",\"shared\":true"))));
        all.put(
                "/api/v1/views/{id}",
                once(() -> call("/api/v1/views/" + viewed("before"), view.formatted("after", ""))
                        .header("If-Match", "\"1\"")));
        all.put(
                "/api/v1/views/{id}/delete",
                once(() -> post("/api/v1/views/%s/delete", viewed("deleted")).header("If-Match", "\"1\"")));
    }

    @Test
    void each_call_that_has_an_effect_is_noted_whatever_route_it_takes_and_what_only_looks_is_not() {
        Map<String, Effective> all = effective();
        assertThat(all.keySet())
                .as("routes that are not only read; say in effective() what a new one does, and what is noted of it")
                .containsExactlyInAnyOrderElementsOf(shop.routes().stream()
                        .filter(route -> !route.method().equals("GET"))
                        .map(Route::path)
                        .toList());

        SoftAssertions softly = new SoftAssertions();
        all.forEach((path, effective) -> {
            Shop.Call call = effective.prepared().get();
            long before = lines();
            Shop.Answer answer = call.send();
            softly.assertThat(answer.status()).as("%s: %s", path, answer.text()).isBetween(200, 299);
            softly.assertThat(lines() - before).as(path).isEqualTo(effective.lines());
        });
        softly.assertAll();
    }

    @Test
    void what_somebody_keeps_for_themselves_is_noted_too() {
        String view = "{\"name\":\"%s\",\"q\":\"error:secret-van\"}";
        long before = lines();
        String id = call("/api/v1/views", view.formatted("mine"))
                .send()
                .json()
                .path("id")
                .asString();
        assertThat(lines()).isEqualTo(before + 1);
        call("/api/v1/views/" + id, view.formatted("still mine"))
                .header("If-Match", "\"1\"")
                .send();
        assertThat(lines()).isEqualTo(before + 2);
        post("/api/v1/views/%s/delete", id).header("If-Match", "\"2\"").send();
        assertThat(lines()).isEqualTo(before + 3);

        assertThat(read("/api/v1/audit").toString())
                .contains(id)
                .doesNotContain("secret-van")
                .doesNotContain("still mine");
    }

    /** Without those of a run's worker, of the run or of its items, which it writes whenever it comes to them. */
    private static long lines() {
        return shop.jdbc.queryForObject(
                "select count(*) from saga_console_action"
                        + " where (run_id is null or saga_id is null) and actor <> 'saga-console'",
                Long.class);
    }

    private static Effective once(Supplier<Shop.Call> prepared) {
        return new Effective(1, prepared);
    }

    private static Effective never(Supplier<Shop.Call> prepared) {
        return new Effective(0, prepared);
    }

    private static Shop.Call post(String path, Object about) {
        return call(path.formatted(about), REASON);
    }

    /** A command of the saga that was answered. */
    private static UUID sent() {
        return shop.jdbc.queryForObject(
                "select command_id from saga_history where saga_id = ? and command_place is not null limit 1",
                UUID.class,
                saga);
    }

    /** By somebody else than who asked. */
    private static Shop.Call second(String path, UUID request) {
        return shop.post(path.formatted(request)).own().json(REASON).by("second");
    }

    private static Shop.Call call(String path, String body) {
        return shop.post(path).own().json(body).by("admin");
    }

    private static JsonNode read(String path) {
        return shop.get(path).by("admin").send().json();
    }

    /** A request of admin's about the saga, which is paused. */
    private static UUID asked() {
        UUID id = saga;
        VerbOrder order = new VerbOrder(
                id, new ConsoleVerb.Resume(), new Operator("admin", null), "it is mended", shop.revision(id), null);
        return shop.context
                .getBean(Approvals.class)
                .ask(order, Duration.ofHours(1))
                .request()
                .id();
    }

    private static String planned() {
        return call("/api/v1/runs", ORDER).send().json().path("id").asString();
    }

    /** A run in that state, at which another process is. */
    private static String planned(String state) {
        String run = planned();
        shop.jdbc.update(
                "update saga_bulk_run set state = ?, owner = 'another', lease_until = 'infinity' where run_id = ?::uuid",
                state,
                run);
        return run;
    }

    private static long parkedMessage(String key) {
        return shop.jdbc.queryForObject(
                "with k as (insert into saga_inbox_parked_key (consumer, topic) values (?, 'letters') returning id)"
                        + " insert into saga_inbox_parked (key_id, topic_id, partition, record_offset, record_timestamp, headers)"
                        + " select id, gen_random_uuid(), 0, 7, 0, '' from k returning id",
                Long.class,
                "reader-" + key);
    }

    private static long parked(long position) {
        String key = "key-" + position;
        shop.jdbc.update(
                "insert into saga_parked_key (aggregatetype, aggregateid, bucket, blocked_by) values ('letters', ?, 1, ?)",
                key,
                position);
        shop.jdbc.update(
                "insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid,"
                        + " created_at, reason_code) values (?, gen_random_uuid(), 'letters', ?, 'charge', ?, '', 1, '5', now(),"
                        + " 'RECORD_TOO_LARGE')",
                position,
                key,
                "{\"amount\":\"12 EUR\"}".getBytes(StandardCharsets.UTF_8));
        return position;
    }

    /** A search that all share. */
    private static String viewed(String name) {
        return call(
                        "/api/v1/views",
                        "{\"name\":\"%s\",\"q\":\"phase:STUCK\",\"reason\":\"r\",\"shared\":true}".formatted(name))
                .send()
                .json()
                .path("id")
                .asString();
    }
}
