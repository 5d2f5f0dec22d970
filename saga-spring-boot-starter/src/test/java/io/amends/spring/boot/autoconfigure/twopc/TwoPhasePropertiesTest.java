package io.amends.spring.boot.autoconfigure.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import io.amends.twopc.TwoPhaseEndpointSettings;
import io.amends.twopc.TwoPhaseSettings;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class TwoPhasePropertiesTest {

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withUserConfiguration(Configuration.class);

    @Test
    void without_any_setting_the_defaults_apply() {
        application.run(context -> {
            TwoPhaseProperties twopc = context.getBean(TwoPhaseProperties.class);
            assertThat(twopc.settings()).isEqualTo(TwoPhaseSettings.DEFAULT);
            assertThat(twopc.endpoint().settings()).isEqualTo(TwoPhaseEndpointSettings.DEFAULT);
            assertThat(twopc.participants()).isEmpty();
        });
    }

    @Test
    void settings_are_read_with_their_units() {
        application
                .withPropertyValues(
                        "saga.twopc.take-over-after=2m",
                        "saga.twopc.participants.bank-a.url=jdbc:postgresql://db/a",
                        "saga.twopc.participants.bank-a.pool-size=7",
                        "saga.twopc.participants.bank-b.uri=http://bank-b:8082",
                        "saga.twopc.participants.bank-b.secret=something-secret",
                        "saga.twopc.endpoint.retention=2h")
                .run(context -> {
                    TwoPhaseProperties twopc = context.getBean(TwoPhaseProperties.class);
                    assertThat(twopc.settings().takeOverAfter()).isEqualTo(Duration.ofMinutes(2));
                    assertThat(twopc.participants()).containsOnlyKeys("bank-a", "bank-b");
                    assertThat(twopc.participants().get("bank-a").poolSize()).isEqualTo(7);
                    assertThat(twopc.participants().get("bank-b").uri()).isEqualTo(URI.create("http://bank-b:8082"));
                    assertThat(twopc.endpoint().settings().retention()).isEqualTo(Duration.ofHours(2));
                });
    }

    @Test
    void settings_that_can_not_work_are_refused_all_at_once_with_what_would_do() {
        application
                .withPropertyValues(
                        "saga.twopc.installation=my bank",
                        "saga.twopc.participants.bank-a.url=jdbc:h2:mem",
                        "saga.twopc.participants.bank-a.uri=http://bank-a",
                        "saga.twopc.attempts=0",
                        "saga.twopc.commit-timeout=0",
                        "saga.twopc.endpoint.secret=short")
                .run(
                        context -> assertThat(context)
                                .getFailure()
                                .rootCause()
                                .isInstanceOfSatisfying(
                                        InvalidSagaPropertiesException.class,
                                        invalid -> assertThat(invalid.problems())
                                                .containsExactly(
                                                        "saga.twopc.installation: 'my bank' becomes part of the names of prepared transactions; use letters, digits, '_', '.' and '-'.",
                                                        "saga.twopc.participants.bank-a has 2 of url, data-source and uri, but must have one: its database, or its service.",
                                                        "saga.twopc.participants.bank-a.url must begin with jdbc:postgresql:, since nothing else is supported.",
                                                        "saga.twopc.participants.bank-a.secret is missing: it is what the service has as saga.twopc.endpoint.secret.",
                                                        "saga.twopc.commit-timeout is 0s, but must be at least 1ms.",
                                                        "saga.twopc.attempts is 0, but must be from 1 to 100.",
                                                        "saga.twopc.endpoint.secret has 5 characters, but must have at least 16: whoever knows it may write to this service's database.")));
    }

    @Test
    void the_installation_is_called_as_the_application_and_a_process_makes_up_its_name() {
        application.run(context -> {
            TwoPhaseProperties twopc = context.getBean(TwoPhaseProperties.class);
            assertThat(TwoPhaseAutoConfiguration.name(twopc, "My Bank").installation())
                    .isEqualTo("my-bank");
            assertThat(TwoPhaseAutoConfiguration.name(twopc, "My Bank").coordinator())
                    .isNotEqualTo(
                            TwoPhaseAutoConfiguration.name(twopc, "My Bank").coordinator());
            assertThatThrownBy(() -> TwoPhaseAutoConfiguration.name(twopc, null))
                    .isInstanceOf(InvalidSagaPropertiesException.class)
                    .hasMessageContaining("saga.twopc.installation");
        });
    }

    @EnableConfigurationProperties(TwoPhaseProperties.class)
    static class Configuration {}
}
