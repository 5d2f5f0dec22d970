package io.amends.spring.boot.autoconfigure.inbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares how long topics keep records with how long the inbox remembers ids. It warns and does not refuse: somebody else
 * may change a topic at any time, and a service that then no longer starts is worse than a repeat, which the offsets in the
 * database keep out anyway unless its sender has sent it again.
 */
final class RetentionCheck {

    private static final Logger log = LoggerFactory.getLogger(RetentionCheck.class);

    private final Admin admin;
    private final Duration retention;
    private final Duration limit;

    RetentionCheck(Admin admin, Duration retention, Duration limit) {
        this.admin = admin;
        this.retention = retention;
        this.limit = limit;
    }

    /** What is to be warned of, a text for each topic. */
    List<String> warnings(Collection<String> topics) {
        List<ConfigResource> resources = topics.stream()
                .distinct()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        List<String> warnings = new ArrayList<>();
        try {
            Map<ConfigResource, Config> configs =
                    admin.describeConfigs(resources).all().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            configs.forEach((topic, config) -> check(topic.name(), config, warnings));
        } catch (ExecutionException | TimeoutException untold) {
            log.info(
                    "How long topics keep records was not to be had, so it is not compared with saga.inbox.retention: {}",
                    untold.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return warnings;
    }

    private void check(String topic, Config config, List<String> warnings) {
        ConfigEntry policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        ConfigEntry kept = config.get(TopicConfig.RETENTION_MS_CONFIG);
        boolean neverDeletes =
                policy != null && policy.value() != null && !policy.value().contains("delete");
        if (neverDeletes || (kept != null && "-1".equals(kept.value()))) {
            warnings.add(
                    "Topic %s keeps records for ever, but the inbox remembers ids for %s (saga.inbox.retention). A record that its sender sends again later than that is handled again; reading the topic from its beginning is not."
                            .formatted(topic, text(retention)));
        } else if (kept != null && kept.value() != null && Long.parseLong(kept.value()) > retention.toMillis()) {
            Duration longer = Duration.ofMillis(Long.parseLong(kept.value()));
            warnings.add(
                    "Topic %s keeps records for %s, but the inbox remembers ids for %s only. Set saga.inbox.retention to at least %s, or lower the topic's retention.ms."
                            .formatted(topic, text(longer), text(retention), text(longer)));
        }
    }

    private static String text(Duration duration) {
        return duration.toDaysPart() > 0 && duration.equals(Duration.ofDays(duration.toDays()))
                ? duration.toDays() + "d"
                : duration.toSeconds() + "s";
    }
}
