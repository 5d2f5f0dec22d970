package io.amends.spring.boot.autoconfigure.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.spring.boot.autoconfigure.StartupPhases;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/** What stops first has the larger phase. */
class ShutdownOrderTest {

    @Test
    void requests_that_are_under_way_are_answered_before_anything_of_ours_stops() {
        assertThat(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE)
                .isGreaterThan(StartupPhases.SUMMARY)
                .isGreaterThan(StartupPhases.LISTENERS);
    }

    @Test
    void the_relay_publishes_what_requests_and_listeners_have_left_and_stops_after_them() {
        assertThat(StartupPhases.RELAY).isLessThan(StartupPhases.LISTENERS);
        assertThat(StartupPhases.CONNECTIVITY).isLessThan(StartupPhases.RELAY);
    }
}
