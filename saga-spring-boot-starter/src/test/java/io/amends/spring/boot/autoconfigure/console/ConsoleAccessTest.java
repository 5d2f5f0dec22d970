package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ConsoleRole;
import io.amends.dashboard.audit.AuditQuery;
import io.amends.dashboard.audit.AuditTrail;
import io.amends.dashboard.gate.HeadersFilter;
import io.amends.dashboard.rest.ConsoleRoutes.Route;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.ConsoleVerb.EditAndRetry;
import io.amends.spring.boot.autoconfigure.console.Shop.Answer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Every route, by everybody, with and without the token against forged requests, with and without Spring Security. The
 * routes are those that the application has, so that a new one is among them.
 */
class ConsoleAccessTest {

    private static final Map<String, Set<ConsoleRole>> PEOPLE = people();

    private static Shop secured;
    private static Shop open;
    private static Shop readOnly;

    private static Map<String, Set<ConsoleRole>> people() {
        Map<String, Set<ConsoleRole>> people = new LinkedHashMap<>();
        people.put("", Set.of());
        people.put("stranger", Set.of());
        people.put("viewer", Set.of(ConsoleRole.VIEWER));
        people.put("operator", Set.of(ConsoleRole.OPERATOR));
        people.put("admin", Set.of(ConsoleRole.ADMIN));
        return people;
    }

    @BeforeAll
    static void start() {
        secured = Shop.secured("--saga.console.edit=true");
        open = Shop.open("--saga.console.edit=true");
        readOnly = Shop.secured("--saga.console.read-only=true", "--saga.console.edit=true");
    }

    @AfterAll
    static void stop() {
        Stream.of(secured, open, readOnly).forEach(Shop::close);
    }

    /** A route with its variables filled in. */
    private record Concrete(
            String method, String path, @Nullable ConsolePermission permission) {

        boolean changes() {
            return !method.equals("GET");
        }

        boolean isApi() {
            return path.startsWith("/api/");
        }

        boolean isFor(Set<ConsoleRole> roles) {
            return permission == null
                    || roles.stream().anyMatch(role -> role.permissions().contains(permission));
        }
    }

    private static Stream<Concrete> concrete(Route route) {
        String path = route.path().replace("/{*name}", "/runbooks/HOT_RETRY.md");
        if (path.contains("{verb}")) {
            // To foresee what somebody else may order is for all who may look, unless it could be found out what is
            // masked.
            return ConsoleVerb.NAMES.stream()
                    .map(verb -> new Concrete(
                            route.method(),
                            filled(path.replace("{verb}", verb)),
                            path.endsWith("/foresee") && !verb.equals(EditAndRetry.NAME)
                                    ? route.permission()
                                    : ConsolePermission.ofVerb(verb)));
        }
        return Stream.of(new Concrete(route.method(), filled(path), route.permission()));
    }

    private static String filled(String path) {
        boolean isNumber = path.contains("/actions/") || path.contains("/messages/");
        return path.replace("{position}", "17")
                .replaceAll("\\{[a-zA-Z]+}", isNumber ? "17" : UUID.randomUUID().toString());
    }

    private static Answer send(Shop shop, Concrete route, String who, boolean own) {
        Shop.Call call = shop.call(route.method(), route.path()).by(who.isEmpty() ? null : who);
        if (own) {
            call.own();
        }
        if (!route.isApi()) {
            call.header("Accept", "text/html");
        }
        if (route.changes()) {
            call.json("{\"reason\":\"to see who may\"}");
        }
        return call.send();
    }

    private static void isHardened(SoftAssertions softly, String as, Answer answer) {
        softly.assertThat(answer.header("Content-Security-Policy")).as(as).isEqualTo(HeadersFilter.POLICY);
        softly.assertThat(answer.header("X-Content-Type-Options")).as(as).isEqualTo("nosniff");
        softly.assertThat(answer.header("X-Frame-Options")).as(as).isEqualTo("DENY");
        softly.assertThat(answer.header("Referrer-Policy")).as(as).isEqualTo("no-referrer");
        softly.assertThat(answer.header("Cache-Control")).as(as).matches("no-store|no-cache");
    }

    @Test
    void with_spring_security_everybody_may_what_their_role_may_and_nothing_else() {
        SoftAssertions softly = new SoftAssertions();
        for (Concrete route :
                secured.routes().stream().flatMap(ConsoleAccessTest::concrete).toList()) {
            PEOPLE.forEach((who, roles) -> {
                for (boolean own : List.of(true, false)) {
                    Answer answer = send(secured, route, who, own);
                    String as = "%s by '%s', own %s: %s".formatted(route, who, own, answer.text());
                    isHardened(softly, as, answer);
                    if (route.changes() && !own) {
                        softly.assertThat(answer.code()).as(as).isEqualTo("CSRF");
                        softly.assertThat(answer.status()).as(as).isEqualTo(403);
                    } else if (route.permission() == null) {
                        softly.assertThat(answer.status()).as(as).isEqualTo(200);
                    } else if (who.isEmpty() && !route.isApi()) {
                        softly.assertThat(answer.status()).as(as).isEqualTo(302);
                        softly.assertThat(answer.header("Location")).as(as).endsWith("/amends/login");
                    } else if (who.isEmpty()) {
                        softly.assertThat(answer.status()).as(as).isEqualTo(401);
                        softly.assertThat(answer.code()).as(as).isEqualTo("NOT_LOGGED_IN");
                    } else if (!route.isFor(roles)) {
                        softly.assertThat(answer.status()).as(as).isEqualTo(403);
                        softly.assertThat(answer.code()).as(as).isEqualTo("FORBIDDEN");
                    } else {
                        softly.assertThat(answer.status()).as(as).isNotIn(401, 403, 500);
                    }
                }
            });
        }
        softly.assertAll();
    }

    @Test
    void without_it_everybody_on_this_machine_may_everything_but_forged_requests() {
        SoftAssertions softly = new SoftAssertions();
        for (Concrete route :
                open.routes().stream().flatMap(ConsoleAccessTest::concrete).toList()) {
            for (String who : PEOPLE.keySet()) {
                for (boolean own : List.of(true, false)) {
                    Answer answer = send(open, route, who, own);
                    String as = "%s by '%s', own %s: %s".formatted(route, who, own, answer.text());
                    isHardened(softly, as, answer);
                    if (route.changes() && !own) {
                        softly.assertThat(answer.code()).as(as).isEqualTo("CSRF");
                    } else {
                        softly.assertThat(answer.status()).as(as).isNotIn(401, 403, 500);
                    }
                }
            }
        }
        softly.assertAll();
    }

    @Test
    void where_it_is_read_only_nobody_changes_anything_and_all_can_be_seen() {
        SoftAssertions softly = new SoftAssertions();
        for (Concrete route :
                readOnly.routes().stream().flatMap(ConsoleAccessTest::concrete).toList()) {
            Answer answer = send(readOnly, route, "admin", true);
            if (route.changes()) {
                softly.assertThat(answer.status()).as(route.toString()).isEqualTo(403);
                softly.assertThat(answer.code()).as(route.toString()).isEqualTo("READ_ONLY");
            } else {
                softly.assertThat(answer.status()).as(route.toString()).isNotIn(401, 403, 500);
            }
        }
        softly.assertAll();
        assertThat(readOnly.context
                        .getBean(AuditTrail.class)
                        .page(AuditQuery.ALL, null, 10)
                        .lines())
                .isEmpty();
        assertThat(readOnly.get("/api/v1/me")
                        .by("admin")
                        .send()
                        .json()
                        .path("readOnly")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void a_search_is_kept_by_everybody_for_themselves_and_by_operators_for_all() {
        String search = "{\"name\":\"%s\",\"q\":\"phase:STUCK\",\"shared\":%s,\"reason\":\"all need it\"}";
        Answer own = save("", "viewer", search.formatted("my own", false));
        String mine = own.json().path("id").asString();

        assertThat(own.status()).as(own.text()).isEqualTo(200);
        assertThat(save("", "viewer", search.formatted("ours", true)).code()).isEqualTo("FORBIDDEN");
        assertThat(save("", "operator", search.formatted("ours", true).replace("all need it", ""))
                        .status())
                .isEqualTo(400);
        Answer all = save("", "operator", search.formatted("ours", true));
        assertThat(all.status()).as(all.text()).isEqualTo(200);
        String ours = all.json().path("id").asString();
        assertThat(views("viewer")).containsExactly("my own", "ours");
        assertThat(views("admin")).containsExactly("ours");
        for (String what : List.of("", "/delete")) {
            String body = what.isEmpty() ? search.replace(",\"shared\":%s", "").formatted("mended") : "{}";
            assertThat(save("/" + mine + what, "admin", body).code()).isEqualTo("NOT_FOUND");
            assertThat(save("/" + ours + what, "viewer", body).code()).isEqualTo("FORBIDDEN");
        }
        assertThat(save("", "operator", search.formatted("ours", true).replace("STUCK", "RUNNING"))
                        .code())
                .isEqualTo("NOT_POSSIBLE");
        Answer changed =
                save("/" + ours, "admin", "{\"name\":\"for all\",\"q\":\"at:charge\",\"reason\":\"narrower\"}");
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(save("/" + ours + "/delete", "operator", "{\"reason\":\"done\"}")
                        .code())
                .isEqualTo("CHANGED_SINCE");
        assertThat(save("/" + mine + "/delete", "viewer", "{}").status()).isEqualTo(200);
        assertThat(views("viewer")).containsExactly("for all");
        assertThat(secured.get("/api/v1/audit?verb=change-view")
                        .by("viewer")
                        .send()
                        .text())
                .contains("for all", "narrower", "at:charge");
    }

    private static Answer save(String path, String who, String body) {
        return secured.post("/api/v1/views" + path)
                .own()
                .header("If-Match", "\"1\"")
                .json(body)
                .by(who)
                .send();
    }

    private static List<String> views(String who) {
        return secured.get("/api/v1/views")
                .by(who)
                .send()
                .json()
                .path("views")
                .valueStream()
                .map(view -> view.path("name").asString())
                .toList();
    }

    @Test
    void routes_that_nobody_wrote_are_not_there_and_say_nothing_to_whom_nobody_knows() {
        assertThat(secured.get("/api/v1/secrets").send().status()).isEqualTo(401);
        assertThat(secured.get("/api/v1/secrets").by("admin").send().code()).isEqualTo("NOT_FOUND");
        assertThat(secured.get("/nothing").by("admin").send().status()).isEqualTo(404);
        assertThat(secured.get("/assets/../index.html").by("admin").send().status())
                .isIn(400, 401, 404);
        assertThat(secured.get("/assets/%2e%2e/%2e%2e/rest/openapi.json")
                        .by("admin")
                        .send()
                        .status())
                .isIn(400, 401, 404);
        assertThat(secured.get("/assets/nothing.js").by("admin").send().status())
                .isEqualTo(404);
        assertThat(secured.call("OPTIONS", "/api/v1/me").send().status()).isEqualTo(401);
        assertThat(secured.call("OPTIONS", "/api/v1/me").by("admin").send().code())
                .isEqualTo("METHOD");
        assertThat(secured.call("DELETE", "/api/v1/me").own().by("admin").send().code())
                .isEqualTo("METHOD");
    }

    @Test
    void who_can_log_out_is_who_logged_in() {
        assertThat(features(secured, "viewer").path("logout").asBoolean()).isTrue();
        assertThat(features(open, "").path("logout").asBoolean(true)).isFalse();
    }

    private static JsonNode features(Shop shop, String who) {
        return shop.get("/api/v1/me")
                .by(who.isEmpty() ? null : who)
                .send()
                .json()
                .path("features");
    }

    @Test
    void what_else_the_application_has_is_guarded_as_before() {
        assertThat(secured.outside("/front").send().status()).isIn(302, 401);
        assertThat(secured.outside("/front").by("stranger").send().text()).isEqualTo("come in");
        assertThat(secured.outside("/front").by("stranger").send().header("Content-Security-Policy"))
                .isEmpty();
        assertThat(open.outside("/front").send().text()).isEqualTo("come in");
    }

    @Test
    void without_spring_security_no_name_of_another_site_leads_here() throws IOException {
        assertThat(open.named("localhost")).startsWith("HTTP/1.1 200");
        assertThat(open.named("127.0.0.1:8080")).startsWith("HTTP/1.1 200");
        assertThat(open.named("rebound.example")).startsWith("HTTP/1.1 403").contains("NOT_THIS_MACHINE");
        assertThat(open.named("localhost.rebound.example")).startsWith("HTTP/1.1 403");
        assertThat(open.context.getBeanNamesForType(SagasEndpoint.class))
                .as("the actuator's endpoint, which nobody made known")
                .isEmpty();
    }
}
