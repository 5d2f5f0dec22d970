package io.amends.spring.boot.autoconfigure.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.test.kafka.EmbeddedKafkaBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetentionCheckTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Admin admin = Admin.create(
            Map.of("bootstrap.servers", EmbeddedKafkaBroker.shared().bootstrapServers()));
    private final RetentionCheck check = new RetentionCheck(admin, Duration.ofDays(8), LIMIT);

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void a_topic_that_keeps_records_for_longer_than_ids_are_remembered_is_warned_of_with_what_to_do() throws Exception {
        String topic = topic(Map.of("retention.ms", "" + Duration.ofDays(30).toMillis()));

        assertThat(check.warnings(List.of(topic)))
                .containsExactly(
                        "Topic %s keeps records for 30d, but the inbox remembers ids for 8d only. Set saga.inbox.retention to at least 30d, or lower the topic's retention.ms."
                                .formatted(topic));
    }

    @Test
    void a_topic_that_keeps_records_for_ever_is_warned_of() throws Exception {
        String unlimited = topic(Map.of("retention.ms", "-1"));
        String compacted = topic(Map.of("cleanup.policy", "compact"));

        assertThat(check.warnings(List.of(unlimited, compacted)))
                .hasSize(2)
                .allSatisfy(warning -> assertThat(warning).contains("keeps records for ever"));
    }

    @Test
    void kafkas_default_of_seven_days_is_fine() throws Exception {
        assertThat(check.warnings(List.of(topic(Map.of())))).isEmpty();
    }

    @Test
    void a_topic_that_no_broker_knows_hides_no_other() throws Exception {
        String unlimited = topic(Map.of("retention.ms", "-1"));

        assertThat(check.warnings(List.of("kept.nowhere", unlimited))).hasSize(1);
    }

    /** Once the broker knows it: the controller answers a little before. */
    private String topic(Map<String, String> configs) throws Exception {
        String name = "kept." + UUID.randomUUID();
        admin.createTopics(List.of(new NewTopic(name, Optional.of(1), Optional.empty()).configs(configs)))
                .all()
                .get(30, TimeUnit.SECONDS);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
            Config known = admin.describeConfigs(List.of(resource))
                    .all()
                    .get(30, TimeUnit.SECONDS)
                    .get(resource);
            configs.forEach(
                    (key, value) -> assertThat(known.get(key).value()).as(key).isEqualTo(value));
        });
        return name;
    }
}
