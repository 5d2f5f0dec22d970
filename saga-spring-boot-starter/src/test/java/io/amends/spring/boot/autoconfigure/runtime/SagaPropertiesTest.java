package io.amends.spring.boot.autoconfigure.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.amends.runtime.flow.FlowSettings;
import io.amends.runtime.participant.RedeliverySettings;
import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class SagaPropertiesTest {

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withUserConfiguration(Configuration.class);

    @Test
    void without_any_setting_the_defaults_apply() {
        application.run(context -> {
            SagaProperties saga = context.getBean(SagaProperties.class);
            assertThat(saga.flow().settings()).isEqualTo(FlowSettings.DEFAULT);
            assertThat(saga.participant().lockTimeout()).isEqualTo(RedeliverySettings.DEFAULT.lockTimeout());
        });
    }

    @Test
    void settings_are_read_with_their_units() {
        application
                .withPropertyValues(
                        "saga.participant.redelivery-backoff=50ms",
                        "saga.participant.lock-timeout=0",
                        "saga.flow.refuse-after=2m",
                        "saga.flow.saga-limits.money-transfer=500",
                        "saga.flow.participant-limits.bank-a=7")
                .run(context -> {
                    SagaProperties saga = context.getBean(SagaProperties.class);
                    assertThat(saga.participant().redeliveryBackoff()).isEqualTo(Duration.ofMillis(50));
                    assertThat(saga.participant().lockTimeout()).isZero();
                    assertThat(saga.flow().settings().starts().refuseAfter()).isEqualTo(Duration.ofMinutes(2));
                    assertThat(saga.flow().settings().sagaLimits()).containsExactly(entry("money-transfer", 500));
                    assertThat(saga.flow().settings().participantLimits()).containsExactly(entry("bank-a", 7));
                });
    }

    @Test
    void settings_that_can_not_work_are_refused_all_at_once_with_what_would_do() {
        application
                .withPropertyValues(
                        "saga.orchestrator.concurrency=-1",
                        "saga.participant.lock-timeout=-1s",
                        "saga.flow.breaker.failures=0",
                        "saga.flow.breaker.pause=2m",
                        "saga.flow.slow-after=2m",
                        "saga.flow.refuse-after=1m",
                        "saga.flow.participant-limits.bank-a=0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(
                                InvalidSagaPropertiesException.class,
                                invalid -> assertThat(invalid.problems())
                                        .containsExactly(
                                                "saga.orchestrator.concurrency is -1, but must be from 1 to 256.",
                                                "saga.participant.lock-timeout is -1s, but must be at least 1ms.",
                                                "saga.flow.breaker.failures is 0, but must be from 1 to 1000000.",
                                                "saga.flow.breaker.pause is 120s, but must not be longer than saga.flow.breaker.pause-max (60s). Lower the first or raise the second.",
                                                "saga.flow.slow-after is 120s, but must not be longer than saga.flow.refuse-after (60s). Lower the first or raise the second.",
                                                "saga.flow.participant-limits.bank-a is 0, but must be from 1 to 2147483647."))
                        .hasMessageStartingWith("6 saga.* settings can't be used:"));
    }

    @EnableConfigurationProperties(SagaProperties.class)
    static class Configuration {}
}
