package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.refresh.Shared;
import io.amends.dashboard.rest.ConsoleRoutes.Route;
import io.amends.dashboard.verbs.ApprovalRequest;
import io.amends.dashboard.verbs.Approvals;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.VerbOrder;
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

    private static TwoTowns towns;

    @BeforeAll
    static void start() {
        towns = new TwoTowns();
    }

    @AfterAll
    static void stop() {
        towns.close();
    }

    /** What only who sees Bonn's may read. */
    private static List<String> telltales() {
        return List.of(
                "OF-BONN",
                "Bonn",
                towns.saga.toString(),
                towns.held.toString(),
                towns.request,
                towns.planned,
                towns.done,
                towns.own,
                towns.shared);
    }

    /** Whatever a route may call by an id. */
    private static List<String> ids() {
        return List.of(towns.saga.toString(), towns.request, towns.done, towns.own, towns.shared, "77", towns.line);
    }

    private static Answer ask(Probe probe, String who) {
        return probe.route().method().equals("GET")
                ? towns.get(probe.path(), who)
                : towns.post(probe.path(), who, probe.body());
    }

    private static Stream<Probe> all(Route route) {
        return Probe.of(
                route,
                ids(),
                List.of("key:" + TwoTowns.KEY, towns.saga.toString(), "tenant:Bonn", "attr.town:Bonn", "bonn"));
    }

    private static String state() {
        return towns.shop
                        .jdbc
                        .queryForList(
                                "select row_version from saga_instance where saga_id in (?, ?) order by 1",
                                towns.saga,
                                towns.held)
                        .toString()
                + towns.shop.jdbc.queryForList(
                        "select state from saga_bulk_run where run_id::text in (?, ?)", towns.planned, towns.done)
                + towns.shop.jdbc.queryForList("select state from saga_console_request")
                + towns.shop.jdbc.queryForList(
                        "select name, revision from saga_console_view where owner <> 'kiel' order by name")
                + towns.shop.jdbc.queryForList("select note, revision from saga_console_group")
                + towns.shop.jdbc.queryForList("select position from saga_parked")
                + towns.shop.jdbc.queryForList("select count(*) from saga_inbox_parked")
                + towns.shop.jdbc.queryForList(
                        "select count(*) from saga_console_action where saga_id in (?, ?)", towns.saga, towns.held);
    }

    @Test
    @Order(1)
    void whoever_is_of_another_tenant_is_told_nothing_and_changes_nothing() {
        String before = state();
        Map<String, String> unknowns = new HashMap<>();
        SoftAssertions softly = new SoftAssertions();
        for (Route route : towns.shop.routes()) {
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
            for (Route route : towns.shop.routes()) {
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
                assertThat(towns.get("/api/v1/views", who).text())
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
        assertThat(stuck("bonn")).containsExactly(TwoTowns.KEY);
        assertThat(stuck("nowhere")).isEmpty();
        assertThat(stuck("everywhere")).containsExactlyInAnyOrder(TwoTowns.KEY, "key-of-kiel");
        assertThat(number("/api/v1/stuck/counts", "bonn").path("total").asLong())
                .isEqualTo(1);
        assertThat(number("/api/v1/stuck/counts", "nowhere").path("total").asLong())
                .isZero();
        JsonNode ofAll = number("/api/v1/groups", "everywhere").path("groups").path(0);
        JsonNode ofKiel = number("/api/v1/groups", "kiel").path("groups").path(0);
        assertThat(ofAll.path("number").asLong()).isEqualTo(2);
        assertThat(ofKiel.path("number").asLong()).isEqualTo(1);
        assertThat(ofKiel.path("example").asString()).isEqualTo(towns.inKiel.toString());
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

    @Test
    @Order(4)
    void an_answer_that_was_read_for_others_is_given_to_nobody_of_another_tenant() {
        SoftAssertions softly = new SoftAssertions();
        towns.shop.routes().stream()
                .filter(route -> route.handler().isAnnotationPresent(Shared.class))
                .flatMap(ConsoleTenantsTest::all)
                .forEach(probe -> {
                    List.of("everywhere", "bonn").forEach(who -> towns.asOpenPage(probe.path(), who));
                    for (String who : List.of("kiel", "nowhere")) {
                        String as = probe.path() + " by " + who;
                        Answer answer = towns.asOpenPage(probe.path(), who);
                        softly.assertThat(probe.told(answer)).as(as).doesNotContain(telltales());
                        int alone = towns.get(probe.path(), who).status();
                        softly.assertThat(answer.status()).as(as).isEqualTo(alone);
                    }
                });
        softly.assertAll();
        assertThat(towns.asOpenPage("/api/v1/stuck", "bonn").text()).contains(TwoTowns.KEY);
    }

    private static List<String> stuck(String who) {
        return number("/api/v1/stuck", who)
                .path("sagas")
                .valueStream()
                .map(stuck -> stuck.path("key").asString())
                .toList();
    }

    private static JsonNode number(String path, String who) {
        Answer answer = towns.get(path, who);
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
        String run = towns.plan("pause", "phase:STUCK");
        assertThat(number("/api/v1/runs/" + run, "bonn").path("filter").asString())
                .isEqualTo("phase:STUCK attr.town:Bonn");

        assertThat(towns.post("/api/v1/runs/%s/start".formatted(run), "kiel", "{}")
                        .code())
                .isEqualTo("NOT_FOUND");
        Answer started = towns.post("/api/v1/runs/%s/start".formatted(run), "everywhere", "{}");

        assertThat(started.status()).as(started.text()).isEqualTo(200);
        assertThat(number("/api/v1/runs/%s/items".formatted(run), "everywhere")
                        .path("items")
                        .valueStream()
                        .map(item -> item.path("sagaId").asString()))
                .containsExactlyInAnyOrder(towns.saga.toString(), towns.held.toString());
        towns.awaitEnd(run);
    }

    @Test
    @Order(6)
    void a_second_person_is_of_the_same_tenant() {
        String approve = "/api/v1/approvals/%s/approve".formatted(towns.request);

        assertThat(towns.post(approve, "kiel", "{}").code()).isEqualTo("NOT_FOUND");
        assertThat(towns.post(approve, "nowhere", "{}").code()).isEqualTo("NOT_FOUND");
        // The saga changed since it was asked for, which only who sees it is told.
        assertThat(towns.post(approve, "bea", "{}").code()).isEqualTo("CHANGED_SINCE");
    }

    @Test
    @Order(8)
    void only_who_sees_all_tenants_moves_sagas_to_a_version_that_could_name_another_one() {
        String body = "{\"version\":2,\"reason\":\"r\"}";
        String run = "{\"verb\":\"migrate\",\"arguments\":{\"version\":\"2\"},\"q\":\"key:%s\",\"reason\":\"r\"}"
                .formatted(TwoTowns.KEY);
        assertThat(number("/api/v1/sagas/" + towns.saga, "bonn").path("verbs").toString())
                .contains("resolve")
                .doesNotContain("migrate");
        assertThat(number("/api/v1/sagas/" + towns.saga, "everywhere")
                        .path("verbs")
                        .toString())
                .contains("migrate");

        Answer refused = towns.post("/api/v1/sagas/%s/migrate".formatted(towns.saga), "bonn", body);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("ALL_TENANTS");
        assertThat(refused.text()).contains("'migrate' could make a saga another tenant's");
        assertThat(towns.post("/api/v1/runs", "bonn", run).code()).isEqualTo("ALL_TENANTS");
        assertThat(towns.post("/api/v1/runs/preview", "bonn", run.replace(",\"reason\":\"r\"", ""))
                        .code())
                .isEqualTo("ALL_TENANTS");
        String ofAll = towns.post("/api/v1/runs", "everywhere", run.replace("key:" + TwoTowns.KEY, "attr.town:Bonn"))
                .json()
                .path("id")
                .asString();
        assertThat(towns.post("/api/v1/runs/%s/start".formatted(ofAll), "bonn", "{}")
                        .code())
                .isEqualTo("ALL_TENANTS");
        assertThat(town(towns.saga)).isEqualTo("Bonn");

        assertThat(towns.post("/api/v1/sagas/%s/migrate".formatted(towns.saga), "everywhere", body)
                        .status())
                .isEqualTo(200);
        assertThat(town(towns.saga)).isEqualTo("Kiel");
    }

    private static String town(UUID id) {
        return String.valueOf(towns.shop.jdbc.queryForObject(
                "select attributes ->> 'town' from saga_instance where saga_id = ?", String.class, id));
    }

    @Test
    @Order(7)
    void another_tenant_s_sagas_that_one_is_linked_with_are_not_named() {
        String kiel = towns.get("/api/v1/sagas/" + towns.inKiel, "kiel").text();
        JsonNode everywhere = number("/api/v1/sagas/" + towns.inKiel, "everywhere");

        assertThat(everywhere.path("parent").asString()).isEqualTo(towns.held.toString());
        assertThat(everywhere.path("children").toString()).contains(towns.held.toString());
        assertThat(kiel).contains("key-of-kiel").doesNotContain(telltales());
    }

    @Test
    @Order(7)
    void a_line_of_the_audit_about_no_saga_is_for_those_who_see_all() {
        String line = "/api/v1/actions/"
                + towns.shop.jdbc.queryForObject(
                        "select min(action_id) from saga_console_action where verb = 'plan-run'", Long.class);

        assertThat(towns.get(line, "everywhere").status()).isEqualTo(200);
        assertThat(towns.get(line, "bonn").code()).isEqualTo("NOT_FOUND");
    }

    @Test
    @Order(9)
    void only_who_sees_all_tenants_approves_what_could_make_a_saga_another_tenant_s() {
        String edited = approve(new ConsoleVerb.EditAndRetry("{}"));
        String moved = approve(new ConsoleVerb.Migrate(2));

        for (String path : List.of(edited, moved)) {
            assertThat(towns.post(path, "kiel", "{}").code()).isEqualTo("NOT_FOUND");
            Answer refused = towns.post(path, "bea", "{}");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("ALL_TENANTS");
            assertThat(refused.text()).contains("Let somebody approve it who sees all tenants");
        }
        assertThat(town(towns.held)).isEqualTo("Bonn");

        assertThat(towns.post(moved, "everywhere", "{}").status()).isEqualTo(200);
        assertThat(town(towns.held)).isEqualTo("Kiel");
    }

    /** The path where that can be approved, which somebody asked for who is neither of those who approve here. */
    private static String approve(ConsoleVerb verb) {
        VerbOrder order =
                new VerbOrder(towns.held, verb, new Operator("bonn", null), "r", towns.shop.revision(towns.held), null);
        ApprovalRequest asked = towns.shop
                .context
                .getBean(Approvals.class)
                .ask(order, Duration.ofHours(1))
                .request();
        return "/api/v1/approvals/%s/approve".formatted(asked.id());
    }

    @Test
    @Order(9)
    void who_has_more_tenants_than_can_be_shown_together_is_told_so() {
        assertThat(towns.get("/api/v1/stuck", "traveller").code()).isEqualTo("TOO_MANY_TENANTS");
    }

    @Test
    @Order(10)
    void an_attribute_that_no_saga_has_keeps_the_application_from_starting() {
        SagaRegistry registry = towns.shop.context.getBean(SagaRegistry.class);

        assertThatThrownBy(() -> TenantAttribute.check("branch", registry))
                .isInstanceOf(ConsoleRefusedException.class)
                .hasMessageContaining("'branch', but no saga here has a search attribute of that name");
        TenantAttribute.check("town", registry);
        TenantAttribute.check(null, registry);
    }
}
