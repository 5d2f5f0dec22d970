package io.amends.spring.boot.autoconfigure.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The properties of both starters. */
class ConfigurationMetadataTest {

    @Test
    void every_property_is_known_to_editors_with_a_description() throws IOException {
        Map<String, String> descriptions = descriptions();

        assertThat(descriptions)
                .containsOnlyKeys(
                        "saga.enabled",
                        "saga.schema.mode",
                        "saga.outbox.max-message-size",
                        "saga.outbox.max-headers",
                        "saga.outbox.max-header-size",
                        "saga.outbox.max-transaction-messages",
                        "saga.outbox.max-transaction-size",
                        "saga.relay.enabled",
                        "saga.relay.chunk-size",
                        "saga.relay.poll-min",
                        "saga.relay.poll-max",
                        "saga.relay.lease-time",
                        "saga.relay.send-timeout",
                        "saga.relay.lanes",
                        "saga.relay.wake-others",
                        "saga.relay.read-mode",
                        "saga.relay.producer-mode",
                        "saga.orchestrator.enabled",
                        "saga.orchestrator.concurrency",
                        "saga.orchestrator.max-poll-records",
                        "saga.orchestrator.timer-interval",
                        "saga.participant.enabled",
                        "saga.participant.concurrency",
                        "saga.participant.max-poll-records",
                        "saga.participant.redelivery-attempts",
                        "saga.participant.redelivery-backoff",
                        "saga.participant.redelivery-backoff-max",
                        "saga.participant.lock-timeout",
                        "saga.participant.tell-errors",
                        "saga.history.keep-data",
                        "saga.flow.interval",
                        "saga.flow.breaker.enabled",
                        "saga.flow.breaker.failures",
                        "saga.flow.breaker.pause",
                        "saga.flow.breaker.pause-max",
                        "saga.flow.breaker.probes",
                        "saga.flow.breaker.probe-timeout",
                        "saga.flow.slow-after",
                        "saga.flow.refuse-after",
                        "saga.flow.start-wait",
                        "saga.flow.saga-limits",
                        "saga.flow.participant-limits",
                        "saga.inbox.enabled",
                        "saga.inbox.concurrency",
                        "saga.inbox.max-poll-records",
                        "saga.inbox.attempts",
                        "saga.inbox.backoff",
                        "saga.inbox.backoff-max",
                        "saga.inbox.retention",
                        "saga.twopc.installation",
                        "saga.twopc.coordinator",
                        "saga.twopc.participants",
                        "saga.twopc.work-timeout",
                        "saga.twopc.prepare-timeout",
                        "saga.twopc.decision-timeout",
                        "saga.twopc.commit-timeout",
                        "saga.twopc.attempts",
                        "saga.twopc.backoff",
                        "saga.twopc.retention",
                        "saga.twopc.recover-every",
                        "saga.twopc.take-over-after",
                        "saga.twopc.concurrency",
                        "saga.twopc.endpoint.secret",
                        "saga.twopc.endpoint.prepare-timeout",
                        "saga.twopc.endpoint.settle-timeout",
                        "saga.twopc.endpoint.retention",
                        "saga.twopc.endpoint.concurrency",
                        "saga.console.enabled",
                        "saga.console.path",
                        "saga.console.read-only",
                        "saga.console.unsafe-without-security",
                        "saga.console.roles.viewer",
                        "saga.console.roles.operator",
                        "saga.console.roles.admin",
                        "saga.console.four-eyes",
                        "saga.console.approval-within",
                        "saga.console.statement-timeout",
                        "saga.console.masked-paths",
                        "saga.console.money-attribute",
                        "saga.console.runbook-base",
                        "saga.console.alerts.interval",
                        "saga.console.webhook.url",
                        "saga.console.webhook.secret",
                        "saga.console.webhook.timeout",
                        "saga.console.webhook.attempts",
                        "saga.console.retention.audit",
                        "saga.console.retention.rest",
                        "saga.topics.create",
                        "saga.topics.partitions",
                        "saga.topics.replication-factor",
                        "saga.startup-timeout",
                        "saga.shutdown-timeout");
        assertThat(descriptions)
                .allSatisfy((name, description) ->
                        assertThat(description).as(name).hasSizeGreaterThan(20).endsWith("."));
    }

    private static Map<String, String> descriptions() throws IOException {
        Map<String, String> descriptions = new TreeMap<>();
        ClassLoader loader = SagaProperties.class.getClassLoader();
        for (URL url : Collections.list(loader.getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = url.openStream()) {
                JsonNode properties = JsonMapper.shared().readTree(in).path("properties");
                for (JsonNode property : properties) {
                    String name = property.path("name").asString();
                    if (name.startsWith("saga.")) {
                        descriptions.put(name, property.path("description").asString(""));
                    }
                }
            }
        }
        return descriptions;
    }
}
