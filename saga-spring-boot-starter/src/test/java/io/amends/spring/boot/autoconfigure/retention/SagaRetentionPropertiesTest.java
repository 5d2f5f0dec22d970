package io.amends.spring.boot.autoconfigure.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.retention.RetentionSettings;
import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class SagaRetentionPropertiesTest {

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withUserConfiguration(Configuration.class);

    @Test
    void without_any_setting_sagas_are_kept_for_90_days_and_commands_for_twice_as_long() {
        application.run(context -> assertThat(
                        context.getBean(SagaRetentionProperties.class).settings())
                .isEqualTo(new RetentionSettings(Duration.ofDays(90), Duration.ofDays(180), 500)));
    }

    @Test
    void zero_keeps_for_ever() {
        application
                .withPropertyValues("saga.retention.sagas=0", "saga.retention.barrier=0")
                .run(context -> assertThat(
                                context.getBean(SagaRetentionProperties.class).settings())
                        .isEqualTo(new RetentionSettings(null, null, 500)));
    }

    @Test
    void settings_that_can_not_work_are_refused_all_at_once_with_what_would_do() {
        application
                .withPropertyValues(
                        "saga.retention.sagas=-1d",
                        "saga.retention.barrier=-1s",
                        "saga.retention.interval=0",
                        "saga.retention.batch-size=0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(
                                InvalidSagaPropertiesException.class,
                                invalid -> assertThat(invalid.problems())
                                        .containsExactly(
                                                "saga.retention.sagas is -86400s, but must not be negative.",
                                                "saga.retention.barrier is -1s, but must not be negative.",
                                                "saga.retention.interval is 0s, but must be at least 10ms.",
                                                "saga.retention.batch-size is 0, but must be from 1 to 10000.")));
    }

    @EnableConfigurationProperties(SagaRetentionProperties.class)
    static class Configuration {}
}
