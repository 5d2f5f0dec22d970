package io.amends.sample.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.core.env.MapPropertySource;

class CoordinatorByAddressTest {

    @Test
    void a_process_with_a_port_of_its_own_has_the_same_name_at_each_start_and_no_other_has_it() {
        String name = coordinator(Map.of("server.port", "8080"));

        assertThat(name).endsWith("-8080").isEqualTo(coordinator(Map.of("server.port", "8080")));
        assertThat(coordinator(Map.of("server.port", "8090"))).isNotEqualTo(name);
        assertThat(CoordinatorByAddress.name("one", "8080")).isNotEqualTo(CoordinatorByAddress.name("two", "8080"));
    }

    @Test
    void a_port_by_chance_gives_no_name_that_two_processes_could_share() {
        assertThat(coordinator(Map.of("server.port", "0"))).isNull();
    }

    @Test
    void a_name_that_is_configured_counts() {
        assertThat(coordinator(Map.of("server.port", "8080", CoordinatorByAddress.PROPERTY, "mine")))
                .isEqualTo("mine");
    }

    @Test
    void a_host_may_have_any_name() {
        assertThat(CoordinatorByAddress.name("Zoé's laptop", "8080")).isEqualTo("Zo--s-laptop-8080");
    }

    private static String coordinator(Map<String, Object> settings) {
        try (StaticApplicationContext context = new StaticApplicationContext()) {
            context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("settings", settings));
            new CoordinatorByAddress().initialize(context);
            return context.getEnvironment().getProperty(CoordinatorByAddress.PROPERTY);
        }
    }
}
