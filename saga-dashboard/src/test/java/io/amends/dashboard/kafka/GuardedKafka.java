package io.amends.dashboard.kafka;

import static org.awaitility.Awaitility.await;

import io.amends.test.kafka.EmbeddedKafkaBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** A broker that knows who may do what, for all tests of this package; it ends with this JVM. */
final class GuardedKafka {

    static final EmbeddedKafkaBroker BROKER = EmbeddedKafkaBroker.start(Map.of(
            "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found", "true"));

    private GuardedKafka() {}

    static Map<String, Object> servers() {
        return Map.of("bootstrap.servers", BROKER.bootstrapServers());
    }

    /** Makes a topic, and waits until the broker knows it, which is a moment after the controller has made it. */
    static void create(Admin admin, String name, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                .all()
                .get(60, TimeUnit.SECONDS);
        await().atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .ignoreExceptions()
                .until(
                        () -> admin
                                        .describeTopics(List.of(name))
                                        .allTopicNames()
                                        .get(60, TimeUnit.SECONDS)
                                        .get(name)
                                        .partitions()
                                        .stream()
                                        .filter(partition -> partition.leader() != null)
                                        .count()
                                == partitions);
    }

    /** Nobody may do that any more, as soon as the broker has heard of it. */
    static void deny(Admin admin, ResourceType type, String name, AclOperation what) throws Exception {
        admin.createAcls(List.of(new AclBinding(
                        new ResourcePattern(type, name, PatternType.LITERAL),
                        new AccessControlEntry("User:*", "*", what, AclPermissionType.DENY))))
                .all()
                .get(60, TimeUnit.SECONDS);
    }
}
