package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.amends.dashboard.gate.CsrfCookie;
import io.amends.dashboard.gate.HeadersFilter;
import io.amends.spring.boot.autoconfigure.console.Shop.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.servlet.autoconfigure.actuate.web.ServletManagementContextAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatServletManagementContextAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * A console on the management port, beside an application with a context path of its own: it is there with all that guards it, and nowhere
 * else.
 */
class ConsoleOnManagementPortTest {

    private static final String ORDER = "{\"reason\":\"the till works again\"}";

    private static Shop shop;

    @BeforeAll
    static void start() {
        shop = Shop.secured(
                "--saga.console.port=management",
                "--management.server.port=0",
                "--management.server.base-path=/ops",
                "--server.servlet.context-path=/shop",
                "--server.forward-headers-strategy=framework");
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    private static void isHardened(Answer answer) {
        assertThat(answer.header("Content-Security-Policy")).isEqualTo(HeadersFilter.POLICY);
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
    }

    @Test
    void pages_files_and_interface_are_there_with_the_headers_of_every_answer() {
        Answer page = shop.get("/stuck").by("viewer").send();
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).contains("<base href=\"/ops/amends/\"");
        Answer head = shop.call("HEAD", "/stuck").by("viewer").send();
        assertThat(head.status()).isEqualTo(200);
        Answer file = shop.get("/assets/languages/de.js").by("viewer").send();
        assertThat(file.status()).isEqualTo(200);
        Answer counts = shop.get("/api/v1/stuck/counts").by("viewer").send();
        assertThat(counts.status()).isEqualTo(200);
        Answer nothing = shop.get("/api/v1/nothing").by("viewer").send();
        assertThat(nothing.status()).isEqualTo(404);
        assertThat(nothing.code()).isEqualTo("NOT_FOUND");
        Answer slash = shop.get("").send();
        assertThat(slash.status()).isEqualTo(302);
        assertThat(slash.header("Location")).endsWith("/ops/amends/");

        List.of(page, head, file, counts, nothing, slash).forEach(ConsoleOnManagementPortTest::isHardened);
    }

    @Test
    void on_the_application_s_port_its_path_is_like_any_other_that_is_not_there() {
        for (String path :
                List.of("/amends", "/amends/", "/amends/login", "/amends/api/v1/me", "/amends/assets/app.js")) {
            Answer known = shop.outside(path).by("admin").send();
            assertThat(known.status()).as(path).isEqualTo(404);
            assertThat(known.header("Content-Security-Policy")).as(path).isEmpty();
            for (String accepted : List.of("text/html", "application/json")) {
                Answer nobody = shop.outside(path).header("Accept", accepted).send();
                Answer elsewhere =
                        shop.outside("/nothing").header("Accept", accepted).send();
                assertThat(nobody.status()).as(path).isEqualTo(elsewhere.status());
                assertThat(nobody.header("Location")).as(path).isEqualTo(elsewhere.header("Location"));
                assertThat(nobody.code()).as(path).isEmpty();
            }
        }
        assertThat(shop.outside("/front").by("stranger").send().text()).isEqualTo("come in");
        assertThat(shop.outside("/front").send().status()).isIn(302, 401);
    }

    @Test
    void whom_nobody_knows_is_sent_to_the_login_and_told_nothing() {
        Answer page = shop.get("/stuck").header("Accept", "text/html").send();
        assertThat(page.status()).isEqualTo(302);
        assertThat(URI.create(page.header("Location")).getPath()).isEqualTo("/ops/amends/login");
        Answer api = shop.get("/api/v1/me").send();
        assertThat(api.status()).isEqualTo(401);
        assertThat(api.code()).isEqualTo("NOT_LOGGED_IN");
        assertThat(shop.get("/api/v1/nothing").send().status()).isEqualTo(401);
        assertThat(shop.get("/login").send().status()).isEqualTo(200);

        List.of(page, api).forEach(ConsoleOnManagementPortTest::isHardened);
    }

    @Test
    void everybody_may_what_their_role_may() {
        UUID id = shop.stuck("roles");

        assertThat(shop.get("/api/v1/stuck").by("stranger").send().code()).isEqualTo("FORBIDDEN");
        assertThat(shop.get("/api/v1/stuck").by("viewer").send().status()).isEqualTo(200);
        assertThat(ordered(id, "retry", "viewer").code()).isEqualTo("FORBIDDEN");
        assertThat(ordered(id, "skip", "operator").code()).isEqualTo("FORBIDDEN");
        assertThat(ordered(id, "pause", "operator").status()).isEqualTo(200);
        assertThat(ordered(id, "resume", "admin").status()).isEqualTo(200);
    }

    private static Answer ordered(UUID id, String verb, String who) {
        return shop.order(id, verb, shop.revision(id), ORDER).by(who).send();
    }

    @Test
    void what_changes_something_has_to_repeat_the_cookie() {
        UUID id = shop.stuck("forged");
        String path = "/api/v1/sagas/%s/pause".formatted(id);

        Answer forged = shop.post(path)
                .by("operator")
                .header("If-Match", "\"%d\"".formatted(shop.revision(id)))
                .json(ORDER)
                .send();
        assertThat(forged.code()).isEqualTo("CSRF");
        isHardened(forged);
        assertThat(ordered(id, "pause", "operator").status()).isEqualTo(200);
    }

    /** With a name that only UTF-8 has like that, and a session that takes nobody's at the application's port away. */
    @Test
    void somebody_logs_in_with_the_form_in_a_session_of_the_console_s_own() {
        Answer login = shop.post("/login")
                .header("Cookie", CsrfCookie.NAME + "=abc")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body("username=j%C3%BCrgen&password=secret&_csrf=abc")
                .send();
        assertThat(login.status()).isEqualTo(302);
        assertThat(URI.create(login.header("Location")).getPath()).isEqualTo("/ops/amends/");
        List<String> cookies = login.http().headers().allValues("Set-Cookie");
        String session = cookies.stream()
                .filter(cookie -> cookie.startsWith("AMENDS_SESSION="))
                .findFirst()
                .orElseThrow()
                .replaceFirst(";.*", "");

        assertThat(cookies).noneMatch(cookie -> cookie.startsWith("JSESSIONID"));
        Answer me = shop.get("/api/v1/me").header("Cookie", session).send();
        assertThat(me.json().path("actor").asString()).isEqualTo("jürgen");
    }

    @Test
    void an_open_page_hears_how_many_are_stuck() throws IOException {
        HttpResponse<InputStream> stream =
                shop.get("/api/v1/events").by("viewer").open();
        assertThat(stream.statusCode()).isEqualTo(200);
        try (BufferedReader events = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            String line = events.readLine();
            while (!"event:counts".equals(line)) {
                assertThat(line).isNotNull();
                line = events.readLine();
            }
            assertThat(events.readLine()).startsWith("data:{");
        }
    }

    @Test
    void what_a_proxy_takes_away_from_the_path_is_heard() {
        Answer page = shop.get("/stuck")
                .by("viewer")
                .header("X-Forwarded-Prefix", "/intern")
                .send();

        assertThat(page.text()).contains("<base href=\"/intern/amends/\"");
    }

    @Test
    void without_the_console_s_module_a_management_port_is_what_it_was() {
        ClassLoader without = new FilteredClassLoader("io.amends.dashboard");
        SpringApplicationBuilder builder =
                new SpringApplicationBuilder(new DefaultResourceLoader(without), OnlyServers.class);
        try (ConfigurableApplicationContext context = builder.run(
                "--spring.main.banner-mode=off",
                "--spring.main.web-application-type=servlet",
                "--server.port=0",
                "--management.server.port=0")) {
            assertThat(context.getEnvironment().getProperty("local.management.port"))
                    .isNotEqualTo(context.getEnvironment().getProperty("local.server.port"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        TomcatServletWebServerAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        EndpointAutoConfiguration.class,
        WebEndpointAutoConfiguration.class,
        ServletManagementContextAutoConfiguration.class,
        TomcatServletManagementContextAutoConfiguration.class,
        ManagementContextAutoConfiguration.class
    })
    static class OnlyServers {}

    @Test
    void without_spring_security_the_management_server_has_to_listen_on_this_machine_only() throws IOException {
        Throwable thrown =
                catchThrowable(() -> Shop.open("--saga.console.port=management", "--management.server.port=0")
                        .close());
        assertThat(thrown)
                .rootCause()
                .isInstanceOf(ConsoleRefusedException.class)
                .hasMessageContaining("the management server listens on every address of this machine");

        try (Shop open = Shop.open(
                "--saga.console.port=management",
                "--management.server.port=0",
                "--management.server.address=127.0.0.1",
                "--server.address=0.0.0.0")) {
            Answer me = open.get("/api/v1/me").send();
            assertThat(me.status()).isEqualTo(200);
            isHardened(me);
            assertThat(open.named("rebound.example")).startsWith("HTTP/1.1 403").contains("NOT_THIS_MACHINE");
            assertThat(open.post("/api/v1/views").json("{}").send().code()).isEqualTo("CSRF");
            assertThat(open.outside("/amends/api/v1/me").send().status()).isEqualTo(404);
            assertThat(open.outside("/front").send().text()).isEqualTo("come in");
        }
    }
}
