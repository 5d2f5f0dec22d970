package io.amends.outbox.relay;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** What Kafka's controller was told and has done, its broker learns of a moment later: waits until it knows. */
final class Known {

    private static final Duration LONG = Duration.ofSeconds(30);

    private Known() {}

    /** That topic, with a leader of each of its partitions. */
    static void topic(Admin admin, String name, int partitions) {
        until(() -> admin.describeTopics(List.of(name)).allTopicNames().get().get(name).partitions().stream()
                        .filter(partition -> partition.leader() != null)
                        .count()
                == partitions);
    }

    /** That setting of a topic. */
    static void setting(Admin admin, String topic, String name, String value) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        until(() -> value.equals(admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get(name)
                .value()));
    }

    /** So many rules about a topic. */
    static void rules(Admin admin, String topic, int count) {
        AclBindingFilter about = new AclBindingFilter(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL).toFilter(),
                AccessControlEntryFilter.ANY);
        until(() -> admin.describeAcls(about).values().get().size() == count);
    }

    private static void until(Callable<Boolean> known) {
        await().atMost(LONG).pollDelay(Duration.ZERO).ignoreExceptions().until(known);
    }
}
