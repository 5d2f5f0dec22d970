package io.amends.spring.boot.autoconfigure.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.inbox.RetrySettings;
import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class InboxPropertiesTest {

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withUserConfiguration(Configuration.class);

    @Test
    void without_any_setting_the_defaults_apply() {
        application.run(context -> {
            InboxProperties inbox = context.getBean(InboxProperties.class);
            assertThat(inbox.enabled()).isTrue();
            assertThat(inbox.retries()).isEqualTo(RetrySettings.DEFAULT);
            assertThat(inbox.retention()).isEqualTo(Duration.ofDays(8));
        });
    }

    @Test
    void settings_that_can_not_work_are_refused_all_at_once_with_what_would_do() {
        application
                .withPropertyValues(
                        "saga.inbox.concurrency=0",
                        "saga.inbox.max-poll-records=0",
                        "saga.inbox.attempts=0",
                        "saga.inbox.backoff=1m",
                        "saga.inbox.retention=1h")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(
                                InvalidSagaPropertiesException.class,
                                invalid -> assertThat(invalid.problems())
                                        .containsExactly(
                                                "saga.inbox.concurrency is 0, but must be from 1 to 256.",
                                                "saga.inbox.max-poll-records is 0, but must be from 1 to 10000.",
                                                "saga.inbox.attempts is 0, but must be from 1 to 1000.",
                                                "saga.inbox.backoff is 60s, but must not be longer than saga.inbox.backoff-max (30s). Lower the first or raise the second.",
                                                "saga.inbox.retention is 3600s, but must be at least 86400s.")));
    }

    @EnableConfigurationProperties(InboxProperties.class)
    static class Configuration {}
}
