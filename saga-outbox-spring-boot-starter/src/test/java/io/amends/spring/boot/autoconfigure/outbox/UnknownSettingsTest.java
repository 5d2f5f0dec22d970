package io.amends.spring.boot.autoconfigure.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class UnknownSettingsTest {

    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void a_misspelt_setting_is_told_with_the_one_that_was_meant() throws IOException {
        environment.setProperty("saga.relay.pol-max", "1s");

        assertThat(new UnknownSettings(environment, getClass().getClassLoader()).lines())
                .containsExactly(
                        "saga.relay.pol-max is set, but no module of Amends here has such a setting. Did you mean saga.relay.poll-max?");
    }

    @Test
    void one_that_is_like_no_other_is_told_too() throws IOException {
        environment.setProperty("saga.colour", "green");

        assertThat(new UnknownSettings(environment, getClass().getClassLoader()).lines())
                .containsExactly("saga.colour is set, but no module of Amends here has such a setting");
    }

    @Test
    void settings_that_exist_in_any_spelling_and_those_of_others_are_not_told() throws IOException {
        environment.setProperty("saga.relay.poll-max", "1s");
        environment.setProperty("saga.relay.pollMin", "1ms");
        environment.setProperty("sagas.of-the-north", "egil");
        environment.setProperty("spring.kafka.boostrap-servers", "localhost:9092");

        assertThat(new UnknownSettings(environment, getClass().getClassLoader()).lines())
                .isEmpty();
    }
}
