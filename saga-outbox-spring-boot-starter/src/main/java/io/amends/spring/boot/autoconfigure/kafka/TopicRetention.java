package io.amends.spring.boot.autoconfigure.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long topics keep records. */
public final class TopicRetention {

    /** Of a topic that deletes nothing. */
    public static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    private static final Logger log = LoggerFactory.getLogger(TopicRetention.class);

    private TopicRetention() {}

    /**
     * Asks the brokers.
     *
     * @param limit how long is waited for the answer
     * @param property what it is to be compared with, for the log where there is no answer
     * @return by topic, in order of their names; nothing where there is no answer
     */
    public static Map<String, Duration> ask(Admin admin, Collection<String> topics, Duration limit, String property) {
        List<ConfigResource> resources = topics.stream()
                .distinct()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Map<String, Duration> kept = new TreeMap<>();
        long until = System.nanoTime() + limit.toNanos();
        for (Map.Entry<ConfigResource, KafkaFuture<Config>> told :
                admin.describeConfigs(resources).values().entrySet()) {
            String topic = told.getKey().name();
            try {
                long left = Math.max(0, until - System.nanoTime());
                add(topic, told.getValue().get(left, TimeUnit.NANOSECONDS), kept);
            } catch (ExecutionException | TimeoutException untold) {
                // A broker may not know yet what was made a moment ago; the others' answers are good.
                log.info(
                        "How long topic {} keeps records was not to be had, so it is not compared with {}: {}",
                        topic,
                        property,
                        untold.toString());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return kept;
            }
        }
        return kept;
    }

    private static void add(String topic, Config config, Map<String, Duration> kept) {
        ConfigEntry policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        ConfigEntry entry = config.get(TopicConfig.RETENTION_MS_CONFIG);
        boolean neverDeletes =
                policy != null && policy.value() != null && !policy.value().contains("delete");
        if (neverDeletes || (entry != null && "-1".equals(entry.value()))) {
            kept.put(topic, FOR_EVER);
        } else if (entry != null && entry.value() != null) {
            kept.put(topic, Duration.ofMillis(Long.parseLong(entry.value())));
        }
    }
}
