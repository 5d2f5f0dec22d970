package io.amends.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.OutboxLimits;
import io.amends.outbox.schema.SchemaMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

class OutboxPropertiesTest {

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withUserConfiguration(Configuration.class);

    @Test
    void without_any_setting_the_defaults_apply() {
        application.run(context -> {
            OutboxProperties saga = context.getBean(OutboxProperties.class);
            assertThat(saga.enabled()).isTrue();
            assertThat(saga.schema().mode()).isEqualTo(SchemaMode.MIGRATE);
            assertThat(saga.outbox().limits()).isEqualTo(OutboxLimits.DEFAULT);
            assertThat(saga.relay().enabled()).isTrue();
            assertThat(saga.topics().partitions()).isEqualTo(6);
            assertThat(saga.topics().replicationFactor()).isEqualTo((short) -1);
            assertThat(saga.startupTimeout()).isEqualTo(Duration.ofSeconds(30));
            assertThat(saga.shutdownTimeout()).isEqualTo(Duration.ofSeconds(20));
        });
    }

    @Test
    void settings_are_read_with_their_units() {
        application
                .withPropertyValues(
                        "saga.schema.mode=validate",
                        "saga.outbox.max-message-size=2MB",
                        "saga.outbox.max-headers=10",
                        "saga.outbox.max-header-size=4KB",
                        "saga.outbox.max-transaction-messages=50",
                        "saga.outbox.max-transaction-size=8MB",
                        "saga.relay.poll-max=1s",
                        "saga.topics.replication-factor=3")
                .run(context -> {
                    OutboxProperties saga = context.getBean(OutboxProperties.class);
                    assertThat(saga.schema().mode()).isEqualTo(SchemaMode.VALIDATE);
                    assertThat(saga.outbox().maxMessageSize()).isEqualTo(DataSize.ofMegabytes(2));
                    assertThat(saga.outbox().limits()).isEqualTo(new OutboxLimits(2 << 20, 10, 4 << 10, 50, 8L << 20));
                    assertThat(saga.relay().pollMax()).isEqualTo(Duration.ofSeconds(1));
                    assertThat(saga.topics().replicationFactor()).isEqualTo((short) 3);
                });
    }

    @Test
    void settings_that_can_not_work_are_refused_all_at_once_with_what_would_do() {
        application
                .withPropertyValues(
                        "saga.outbox.max-message-size=10B",
                        "saga.outbox.max-headers=1001",
                        "saga.outbox.max-header-size=1GB",
                        "saga.outbox.max-transaction-messages=0",
                        "saga.outbox.max-transaction-size=1GB",
                        "saga.relay.chunk-size=0",
                        "saga.relay.poll-min=1s",
                        "saga.relay.lease-time=200ms",
                        "saga.relay.send-timeout=0s",
                        "saga.topics.replication-factor=0",
                        "saga.startup-timeout=0s",
                        "saga.shutdown-timeout=-1s")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(
                                InvalidSagaPropertiesException.class,
                                invalid -> assertThat(invalid.problems())
                                        .containsExactly(
                                                "saga.outbox.max-message-size is 10B, but must be from 1024B to 536870912B.",
                                                "saga.outbox.max-headers is 1001, but must be from 0 to 1000.",
                                                "saga.outbox.max-header-size is 1073741824B, but must be from 0B to 536870912B.",
                                                "saga.outbox.max-transaction-messages is 0, but must be from 1 to 2147483647.",
                                                "saga.outbox.max-transaction-size is 1073741824B, but must be from 10B to 943718400B.",
                                                "saga.relay.chunk-size is 0, but must be from 1 to 10000.",
                                                "saga.relay.poll-min is 1s, but must not be longer than saga.relay.poll-max (250ms). Lower the first or raise the second.",
                                                "saga.relay.lease-time is 200ms, but must be at least 500ms.",
                                                "saga.relay.send-timeout is 0s, but must be at least 1ms.",
                                                "saga.topics.replication-factor is 0, but must be at least 1, or -1 for the broker's default.",
                                                "saga.startup-timeout is 0s, but must be at least 1ms.",
                                                "saga.shutdown-timeout is -1s, but must not be negative."))
                        .hasMessageStartingWith("12 saga.* settings can't be used:"));
    }

    @EnableConfigurationProperties(OutboxProperties.class)
    static class Configuration {}
}
