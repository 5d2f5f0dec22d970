package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.amends.dashboard.login.ConsoleLogin;
import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.security.config.Customizer;

/** When the console starts, and what is said if it does not. */
class ConsoleStartTest {

    private static FailureAnalysis refused(boolean allowed, @Nullable String address) {
        return refused(() -> WithoutSecurity.check(allowed, "server.address", address));
    }

    private static FailureAnalysis refused(ThrowingCallable start) {
        Throwable thrown = catchThrowable(start);
        assertThat(thrown).isInstanceOf(ConsoleRefusedException.class);
        return new ConsoleRefusedFailureAnalyzer().analyze(new IllegalStateException("start", thrown));
    }

    @Test
    void without_spring_security_it_does_not_start_and_says_what_to_do() {
        FailureAnalysis analysis = refused(false, "127.0.0.1");

        assertThat(analysis.getDescription())
                .isEqualTo(
                        "The console is switched on (saga.console.enabled), but Spring Security is not at work: everybody who reaches this process could repair, skip and discard.");
        assertThat(analysis.getAction())
                .contains("Add spring-boot-starter-security", "saga.console.roles")
                .contains("saga.console.unsafe-without-security=true and server.address=127.0.0.1");
    }

    @Test
    void where_that_is_meant_only_this_machine_may_reach_it() {
        assertThat(refused(true, null).getDescription()).endsWith("listens on every address of this machine.");
        assertThat(refused(true, "0.0.0.0").getDescription())
                .endsWith("server.address=0.0.0.0, which is not a loopback address.");
        assertThat(refused(true, "192.0.2.7").getAction()).startsWith("Set server.address=127.0.0.1");
        WithoutSecurity.check(true, "server.address", "127.0.0.1");
        WithoutSecurity.check(true, "server.address", "::1");
        WithoutSecurity.check(true, "server.address", "localhost");
    }

    @Test
    void an_application_does_not_start_with_an_open_console() {
        Throwable thrown = catchThrowable(() ->
                Shop.withoutSecurity(List.of("--spring.autoconfigure.exclude=")).close());

        assertThat(thrown).hasRootCauseInstanceOf(ConsoleRefusedException.class);
    }

    @Test
    void the_start_says_where_the_console_is_and_who_may_enter() {
        ConsoleProperties properties = properties();

        assertThat(new ConsoleSummary(properties, ConsolePlace.ofApplication("/shop"), true).line())
                .isEqualTo(
                        "Console at /shop/ops/ for viewers [LOOKS], operators [ROLE_AMENDS_OPERATOR], administrators [ROLE_AMENDS_ADMIN]; read-only; a second person for [skip]");
        assertThat(new ConsoleSummary(ofTowns(), ConsolePlace.ofApplication(""), true).line())
                .endsWith(
                        "administrators [ROLE_AMENDS_ADMIN], each the sagas of their tenants (ROLE_AMENDS_TENANT_...)");
        assertThat(new ConsoleSummary(withPermissions(), ConsolePlace.ofApplication(""), true).line())
                .endsWith(
                        "administrators [ROLE_AMENDS_ADMIN], and only some for {skip=[LEADS], unmask=[HELPS, GUARDS]}");
        assertThat(new ConsoleSummary(properties, ConsolePlace.ofApplication(""), false).line())
                .startsWith("Console at /ops/ for everybody on this machine, with all permissions");
    }

    @Test
    void on_the_management_port_its_address_counts() {
        ThrowingCallable everywhere = () -> WithoutSecurity.check(true, "management.server.address", null);
        ThrowingCallable elsewhere = () -> WithoutSecurity.check(true, "management.server.address", "192.0.2.7");

        assertThat(refused(everywhere).getDescription())
                .endsWith("but the management server listens on every address of this machine.");
        assertThat(refused(elsewhere).getDescription())
                .endsWith("management.server.address=192.0.2.7, which is not a loopback address.");
        assertThat(refused(everywhere).getAction()).startsWith("Set management.server.address=127.0.0.1");
    }

    @Test
    void without_a_management_port_of_its_own_it_does_not_start_there_and_says_what_to_do() {
        String asked = "The console is to be on the management port (saga.console.port=management), but ";

        FailureAnalysis missing = refused(() -> onManagementPort(null));
        assertThat(missing.getDescription())
                .isEqualTo(asked
                        + "management.server.port is not set, so that the actuator is on the application's own port.");
        assertThat(missing.getAction())
                .isEqualTo(
                        "Set management.server.port to a port of its own, such as 8081, and let only operators reach it; or leave out saga.console.port, for a console on the application's own port.");
        assertThat(refused(() -> onManagementPort("8080")).getDescription())
                .isEqualTo(asked + "management.server.port=8080 is the application's own port.");
        assertThat(refused(() -> onManagementPort("-1")).getDescription())
                .isEqualTo(asked + "management.server.port=-1 switches the management server off.");

        ClassLoader without = new FilteredClassLoader("org.springframework.boot.actuate");
        FailureAnalysis alone = refused(() -> new ConsoleOnManagementPort(new MockEnvironment(), without));
        assertThat(alone.getDescription())
                .isEqualTo(asked + "Spring Boot's actuator, which has that port, is not on the class path.");
        assertThat(alone.getAction()).startsWith("Add spring-boot-starter-actuator and set management.server.port");
    }

    @Test
    void where_no_management_server_was_started_the_start_ends() {
        ConsoleOnManagementPort port = onManagementPort("8081", "local.server.port", "8080");

        FailureAnalysis analysis = refused(port::start);
        assertThat(analysis.getDescription()).endsWith("but no management server took it: none was started.");
        assertThat(analysis.getAction()).contains("spring.autoconfigure.exclude", "ManagementContextAutoConfiguration");
        port.served();
        port.start();
        onManagementPort("8081").start();
    }

    private static ConsoleOnManagementPort onManagementPort(@Nullable String number, String... more) {
        MockEnvironment environment = new MockEnvironment();
        if (number != null) {
            environment.setProperty("management.server.port", number);
        }
        if (more.length > 0) {
            environment.setProperty(more[0], more[1]);
        }
        return new ConsoleOnManagementPort(environment, ConsoleStartTest.class.getClassLoader());
    }

    @Test
    void the_start_says_that_the_console_is_on_the_management_port() {
        MockEnvironment environment = new MockEnvironment()
                .withProperty("server.servlet.context-path", "/shop")
                .withProperty("saga.console.port", "Management")
                .withProperty("management.server.port", "8081");

        assertThat(ConsolePlace.of(environment).told("/amends")).isEqualTo("/amends/ on the management port 8081");
        environment.setProperty("management.server.port", "0");
        environment.setProperty("management.server.base-path", "ops/");
        assertThat(ConsolePlace.of(environment).told("/amends")).isEqualTo("/ops/amends/ on the management port");
        environment.setProperty("saga.console.port", "application");
        assertThat(ConsolePlace.of(environment).told("/amends")).isEqualTo("/shop/amends/");
    }

    @Test
    void settings_that_can_not_work_are_refused_all_at_once() {
        MockEnvironment environment = new MockEnvironment()
                .withProperty("saga.console.path", "amends/")
                .withProperty("saga.console.four-eyes", "retry,sigh")
                .withProperty("saga.console.url", "shop.example/amends/")
                .withProperty("saga.console.statement-timeout", "1ms")
                .withProperty("saga.console.permissions.sigh", "LEADS")
                .withProperty("saga.console.permissions.view", "LEADS")
                .withProperty("saga.console.permissions.unmask", "")
                .withProperty("saga.console.live-load", "0")
                .withProperty("saga.console.tenant.attribute", "")
                .withProperty("saga.console.tenant.authority-prefix", "TOWN_")
                .withProperty("saga.console.tenant.all-authority", "TOWN_ALL");

        assertThat(catchThrowable(() -> Binder.get(environment).bindOrCreate("saga.console", ConsoleProperties.class)))
                .rootCause()
                .isInstanceOf(InvalidSagaPropertiesException.class)
                .hasMessageContaining("saga.console.path is 'amends/'")
                .hasMessageContaining("saga.console.four-eyes has 'sigh'")
                .hasMessageContaining("saga.console.url is 'shop.example/amends/'")
                .hasMessageContaining("saga.console.statement-timeout is 1ms")
                .hasMessageContaining("saga.console.permissions has 'sigh', which is none of: unmask, operate, ")
                .hasMessageContaining("saga.console.permissions has 'view'")
                .hasMessageContaining("saga.console.permissions.unmask is empty, so that nobody could do it.")
                .hasMessageContaining("saga.console.live-load is 0.0")
                .hasMessageContaining("saga.console.tenant.attribute is ''")
                .hasMessageContaining("'TOWN_', so that it would be a tenant's too");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert('{traceId}')",
                "data:text/html,{traceId}",
                "ftp://tempo.example.com/{traceId}",
                "/trace/{traceId}",
                "https:///{traceId}",
                "https://{traceId}/trace",
                "https://{traceId}.example.com/trace",
                "https://tempo.example.com:{traceId}/trace",
                "https://{traceId}@tempo.example.com/trace",
                "https://tempo.example.com/trace",
                "https://tempo.example.com/trace/{id}",
                "https://tempo.example.com/<script>{traceId}",
                "no address {traceId}"
            })
    void an_address_that_leads_to_no_trace_is_refused(String template) {
        assertThat(catchThrowable(() -> traceLink(template)))
                .rootCause()
                .isInstanceOf(InvalidSagaPropertiesException.class)
                .hasMessageContaining("saga.console.trace-link is '" + template + "'")
                .hasMessageContaining("such as https://tempo.example.com/trace/{traceId}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://tempo.example.com/trace/{traceId}",
                "http://jaeger:16686/trace/{traceId}",
                "HTTPS://grafana.example.com/explore?q={traceId}#{traceId}",
                "https://[2001:db8::7]/t?id={traceId}"
            })
    void an_address_with_a_place_for_the_id_is_taken(String template) {
        assertThat(traceLink(template)).isEqualTo(template);
    }

    private static @Nullable String traceLink(String template) {
        MockEnvironment environment = new MockEnvironment().withProperty("saga.console.trace-link", template);
        return Binder.get(environment)
                .bindOrCreate("saga.console", ConsoleProperties.class)
                .traceLink();
    }

    @Test
    void an_application_may_say_itself_how_people_log_in() {
        try (Shop shop = Shop.securedWith(OwnLogin.class)) {
            assertThat(shop.get("/login").send().status()).isEqualTo(401);
            assertThat(shop.get("/login").by("viewer").send().status()).isEqualTo(404);
            assertThat(shop.get("/api/v1/me").send().code()).isEqualTo("NOT_LOGGED_IN");
            assertThat(shop.get("/api/v1/me").by("viewer").send().status()).isEqualTo(200);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnLogin {

        @Bean
        ConsoleLogin ownLogin() {
            return http -> http.httpBasic(Customizer.withDefaults());
        }
    }

    private static ConsoleProperties ofTowns() {
        MockEnvironment environment = new MockEnvironment().withProperty("saga.console.tenant.attribute", "town");
        return Binder.get(environment).bindOrCreate("saga.console", ConsoleProperties.class);
    }

    private static ConsoleProperties withPermissions() {
        MockEnvironment environment = new MockEnvironment()
                .withProperty("saga.console.permissions.unmask", "HELPS,GUARDS")
                .withProperty("saga.console.permissions.skip", "LEADS");
        return Binder.get(environment).bindOrCreate("saga.console", ConsoleProperties.class);
    }

    private static ConsoleProperties properties() {
        MockEnvironment environment = new MockEnvironment()
                .withProperty("saga.console.path", "/ops")
                .withProperty("saga.console.read-only", "true")
                .withProperty("saga.console.four-eyes", "skip")
                .withProperty("saga.console.roles.viewer", "LOOKS");
        return Binder.get(environment).bindOrCreate("saga.console", ConsoleProperties.class);
    }
}
