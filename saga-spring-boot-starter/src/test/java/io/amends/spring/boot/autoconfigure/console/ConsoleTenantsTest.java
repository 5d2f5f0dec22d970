package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.dashboard.rest.ConsoleRoutes.Route;
import io.amends.saga.definition.SagaRegistry;
import io.amends.spring.boot.autoconfigure.console.Shop.Answer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/**
 * Where each town is a tenant: who is for Kiel is told nothing of what is Bonn's, whatever they ask, and changes nothing of it.
 * The routes are those that the application has, so that a new one is among them.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleTenantsTest {

    private static final String KEY = "KEY-OF-BONN";

    private static Shop shop;
    private static UUID saga;
    private static UUID held;
    private static UUID inKiel;
    private static String request;
    private static String planned;
    private static String done;
    private static String own;
    private static String shared;
    private static String group;
    private static String line;

    @BeforeAll
    static void start() {
        shop = Shop.secured(
                "--saga.console.tenant.attribute=town", "--saga.console.four-eyes=resolve", "--saga.console.edit=true");
        saga = shop.stuck(KEY, "Bonn");
        held = shop.stuck(KEY + "-2", "Bonn");
        inKiel = shop.stuck("key-of-kiel", "Kiel");
        shop.jdbc.update(
                "insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid,"
                        + " created_at, reason_code, reason) values (77, gen_random_uuid(), 'saga.store.commands', ?, 'reserve',"
                        + " '', '', 1, '5', now(), 'RECORD_TOO_LARGE', ?)",
                saga.toString(),
                KEY);
        shop.jdbc.update(
                "with k as (insert into saga_inbox_parked_key (consumer, topic) values ('reader', ?) returning id)"
                        + " insert into saga_inbox_parked (key_id, topic_id, partition, record_offset, record_timestamp, headers)"
                        + " select id, gen_random_uuid(), 0, 7, 0, '' from k",
                KEY);
        shop.order(saga, "pause", shop.revision(saga), reason("later"))
                .by("bonn")
                .send();
        shop.order(saga, "resume", shop.revision(saga), reason("now"))
                .by("bonn")
                .send();
        request = shop.order(saga, "resolve", shop.revision(saga), "{\"reason\":\"paid\",\"as\":\"COMPLETED\"}")
                .by("bonn")
                .send()
                .json()
                .path("requestId")
                .asString();
        planned = plan("retry", "key:" + KEY);
        done = plan("pause", "key:" + KEY + "-2");
        post("/api/v1/runs/%s/start".formatted(done), "bonn", "{}");
        awaitEnd(done);
        String view = "{\"name\":\"%s\",\"q\":\"key:%s\",\"shared\":%s,\"reason\":\"r\"}";
        own = post("/api/v1/views", "bonn", view.formatted("VIEW-OF-BONN", KEY, false))
                .json()
                .path("id")
                .asString();
        shared = post("/api/v1/views", "everywhere", view.formatted("SHARED-OF-BONN", KEY, true))
                .json()
                .path("id")
                .asString();
        group = get("/api/v1/groups", "everywhere")
                .json()
                .path("groups")
                .path(0)
                .path("id")
                .asString();
        shop.post("/api/v1/groups/%s/note".formatted(group))
                .own()
                .header("If-Match", "\"0\"")
                .json("{\"reason\":\"r\",\"note\":\"NOTE-OF-BONN\"}")
                .by("everywhere")
                .send();
        line = String.valueOf(shop.jdbc.queryForObject(
                "select min(action_id) from saga_console_action where verb = 'ask resolve'", Long.class));
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    private static String plan(String verb, String q) {
        return post("/api/v1/runs", "bonn", "{\"verb\":\"%s\",\"q\":\"%s\",\"reason\":\"r\"}".formatted(verb, q))
                .json()
                .path("id")
                .asString();
    }

    private static void awaitEnd(String run) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> List.of("DONE", "STOPPED")
                        .contains(get("/api/v1/runs/" + run, "bonn")
                                .json()
                                .path("state")
                                .asString()));
    }

    private static String reason(String text) {
        return "{\"reason\":\"%s\"}".formatted(text);
    }

    private static Answer get(String path, String who) {
        return shop.get(path).by(who).send();
    }

    private static Answer post(String path, String who, String body) {
        return shop.post(path)
                .own()
                .header("If-Match", "\"%d\"".formatted(shop.revision(saga)))
                .json(body)
                .by(who)
                .send();
    }

    /** What only who sees Bonn's may read. */
    private static List<String> telltales() {
        return List.of("OF-BONN", "Bonn", saga.toString(), held.toString(), request, planned, done, own, shared);
    }

    /** Whatever a route may call by an id. */
    private static List<String> ids() {
        return List.of(saga.toString(), request, done, own, shared, "77", line);
    }

    private static Answer ask(Probe probe, String who) {
        return probe.route().method().equals("GET") ? get(probe.path(), who) : post(probe.path(), who, probe.body());
    }

    private static Stream<Probe> all(Route route) {
        return Probe.of(route, ids(), List.of("key:" + KEY, saga.toString(), "tenant:Bonn", "attr.town:Bonn", "bonn"));
    }

    private static String state() {
        return shop.jdbc
                        .queryForList(
                                "select row_version from saga_instance where saga_id in (?, ?) order by 1", saga, held)
                        .toString()
                + shop.jdbc.queryForList("select state from saga_bulk_run where run_id::text in (?, ?)", planned, done)
                + shop.jdbc.queryForList("select state from saga_console_request")
                + shop.jdbc.queryForList(
                        "select name, revision from saga_console_view where owner <> 'kiel' order by name")
                + shop.jdbc.queryForList("select note, revision from saga_console_group")
                + shop.jdbc.queryForList("select position from saga_parked")
                + shop.jdbc.queryForList("select count(*) from saga_inbox_parked")
                + shop.jdbc.queryForList(
                        "select count(*) from saga_console_action where saga_id in (?, ?)", saga, held);
    }

    @Test
    @Order(1)
    void whoever_is_of_another_tenant_is_told_nothing_and_changes_nothing() {
        String before = state();
        Map<String, String> unknowns = new HashMap<>();
        SoftAssertions softly = new SoftAssertions();
        for (Route route : shop.routes()) {
            for (Probe probe : all(route).toList()) {
                Answer answer = ask(probe, "kiel");
                String told = probe.told(answer);
                String as = "%s %s %s by kiel: %d %s"
                        .formatted(
                                route.method(),
                                probe.path(),
                                probe.body(),
                                answer.status(),
                                told.substring(0, Math.min(300, told.length())));
                softly.assertThat(told).as(as).doesNotContain(telltales());
                softly.assertThat(answer.status()).as(as).isNotEqualTo(500);
                if (route.permission() != null && !probe.isForTenants()) {
                    softly.assertThat(answer.code()).as(as).isIn("ALL_TENANTS", "FORBIDDEN");
                } else if (probe.namesSomething()
                        && answer.header("Content-Type").contains("json")) {
                    Probe unknown = probe.unknown();
                    softly.assertThat(told)
                            .as(as + ", as of what nobody has")
                            .isEqualTo(unknowns.computeIfAbsent(
                                    route.method() + unknown.path(), path -> unknown.told(ask(unknown, "kiel"))));
                }
            }
        }
        softly.assertAll();
        assertThat(state()).isEqualTo(before);
    }

    @Test
    @Order(2)
    void the_same_is_told_to_those_whose_it_is_so_that_there_is_something_to_tell() {
        for (String who : List.of("bonn", "everywhere")) {
            TreeSet<String> told = new TreeSet<>();
            for (Route route : shop.routes()) {
                if (route.method().equals("GET")) {
                    all(route).filter(probe -> isTold(probe, who)).forEach(probe -> told.add(route.path()));
                }
            }
            assertThat(told)
                    .as(who)
                    .contains(
                            "/api/v1/stuck",
                            "/api/v1/sagas",
                            "/api/v1/sagas/{id}",
                            "/api/v1/sagas/{id}/data",
                            "/api/v1/approvals",
                            "/api/v1/approvals/{id}",
                            "/api/v1/runs",
                            "/api/v1/runs/{id}",
                            "/api/v1/runs/{id}/items",
                            "/api/v1/audit",
                            "/api/v1/audit/export",
                            "/api/v1/actions/{id}",
                            "/api/v1/views");
            List<String> ofAll = List.of("/api/v1/outbox/parked/{position}", "/api/v1/messages");
            if (who.equals("bonn")) {
                assertThat(told).doesNotContainAnyElementsOf(ofAll);
                assertThat(get("/api/v1/views", who).text())
                        .contains("VIEW-OF-BONN")
                        .doesNotContain("SHARED");
            } else {
                assertThat(told).containsAll(ofAll);
            }
        }
    }

    private static boolean isTold(Probe probe, String who) {
        Answer answer = ask(probe, who);
        return answer.status() == 200 && telltales().stream().anyMatch(probe.told(answer)::contains);
    }

    @Test
    @Order(3)
    void each_sees_and_counts_their_own() {
        assertThat(stuck("kiel")).containsExactly("key-of-kiel");
        assertThat(stuck("bonn")).containsExactly(KEY);
        assertThat(stuck("nowhere")).isEmpty();
        assertThat(stuck("everywhere")).containsExactlyInAnyOrder(KEY, "key-of-kiel");
        assertThat(number("/api/v1/stuck/counts", "bonn").path("total").asLong())
                .isEqualTo(1);
        assertThat(number("/api/v1/stuck/counts", "nowhere").path("total").asLong())
                .isZero();
        JsonNode ofAll = number("/api/v1/groups", "everywhere").path("groups").path(0);
        JsonNode ofKiel = number("/api/v1/groups", "kiel").path("groups").path(0);
        assertThat(ofAll.path("number").asLong()).isEqualTo(2);
        assertThat(ofKiel.path("number").asLong()).isEqualTo(1);
        assertThat(ofKiel.path("example").asString()).isEqualTo(inKiel.toString());
        assertThat(ofAll.path("note").path("text").asString()).isEqualTo("NOTE-OF-BONN");
        assertThat(ofKiel.path("note").isNull()).isTrue();
        assertThat(number("/api/v1/sagas?q=tenant:Kiel%20tenant:Bonn", "everywhere")
                        .path("sagas")
                        .size())
                .isEqualTo(3);
        assertThat(number("/api/v1/sagas?q=tenant:Kiel%20tenant:Bonn", "kiel")
                        .path("sagas")
                        .size())
                .isEqualTo(1);
    }

    private static List<String> stuck(String who) {
        return number("/api/v1/stuck", who)
                .path("sagas")
                .valueStream()
                .map(stuck -> stuck.path("key").asString())
                .toList();
    }

    private static JsonNode number(String path, String who) {
        Answer answer = get(path, who);
        assertThat(answer.status()).as(path + ": " + answer.text()).isEqualTo(200);
        return answer.json();
    }

    @Test
    @Order(4)
    void who_sees_some_tenants_is_told_which_and_edits_nothing() {
        JsonNode bonn = number("/api/v1/me", "bonn");
        JsonNode everywhere = number("/api/v1/me", "everywhere");

        assertThat(bonn.path("tenants").toString()).isEqualTo("[\"Bonn\"]");
        assertThat(bonn.path("permissions").toString()).contains("REPAIR").doesNotContain("EDIT");
        assertThat(bonn.path("features").path("all").asBoolean(true)).isFalse();
        assertThat(number("/api/v1/me", "nowhere").path("tenants").toString()).isEqualTo("[]");
        assertThat(everywhere.path("tenants").isNull()).isTrue();
        assertThat(everywhere.path("permissions").toString()).contains("EDIT");
    }

    @Test
    @Order(5)
    void a_run_keeps_to_the_tenants_of_who_planned_it_whoever_starts_it() {
        String run = plan("pause", "phase:STUCK");
        assertThat(number("/api/v1/runs/" + run, "bonn").path("filter").asString())
                .isEqualTo("phase:STUCK attr.town:Bonn");

        assertThat(post("/api/v1/runs/%s/start".formatted(run), "kiel", "{}").code())
                .isEqualTo("NOT_FOUND");
        Answer started = post("/api/v1/runs/%s/start".formatted(run), "everywhere", "{}");

        assertThat(started.status()).as(started.text()).isEqualTo(200);
        assertThat(number("/api/v1/runs/%s/items".formatted(run), "everywhere")
                        .path("items")
                        .valueStream()
                        .map(item -> item.path("sagaId").asString()))
                .containsExactlyInAnyOrder(saga.toString(), held.toString());
        awaitEnd(run);
    }

    @Test
    @Order(6)
    void a_second_person_is_of_the_same_tenant() {
        String approve = "/api/v1/approvals/%s/approve".formatted(request);

        assertThat(post(approve, "kiel", "{}").code()).isEqualTo("NOT_FOUND");
        assertThat(post(approve, "nowhere", "{}").code()).isEqualTo("NOT_FOUND");
        // The saga changed since it was asked for, which only who sees it is told.
        assertThat(post(approve, "bea", "{}").code()).isEqualTo("CHANGED_SINCE");
    }

    @Test
    @Order(7)
    void an_attribute_that_no_saga_has_keeps_the_application_from_starting() {
        SagaRegistry registry = shop.context.getBean(SagaRegistry.class);

        assertThatThrownBy(() -> TenantAttribute.check("branch", registry))
                .isInstanceOf(ConsoleRefusedException.class)
                .hasMessageContaining("'branch', but no saga here has a search attribute of that name");
        TenantAttribute.check("town", registry);
        TenantAttribute.check(null, registry);
    }
}
