package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.sample.Installation.DemoRun;
import io.amends.test.kafka.KafkaCluster;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** One of three Kafka brokers dies in the middle of a demo and comes back; no process of ours is started again. */
class KafkaLeaderKilledTest {

    private static final int TRANSFERS = 600;
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final long seed = System.nanoTime() % 1_000_000;

    @Test
    void every_transfer_ends_and_no_money_is_lost_when_the_leader_of_the_busiest_partitions_dies_in_steady_load()
            throws Exception {
        try (KafkaCluster kafka = KafkaCluster.start();
                Installation installation = Installation.on(EmbeddedPostgresServer.shared(), kafka.bootstrapServers());
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            assertThreeCopiesOfWhichTwoHaveWhatIsAcknowledged(admin);
            List<Long> processes = processes(installation);
            CompletableFuture<DemoRun> demo = CompletableFuture.supplyAsync(() -> installation.demo(TRANSFERS, seed));
            awaitStarted(installation, TRANSFERS / 6);

            int leader = leaderOfTheBusiestPartitions(admin);
            kafka.kill(leader);
            await("the other brokers take over")
                    .atMost(LIMIT)
                    .until(() -> partitions(admin).stream()
                            .allMatch(partition -> partition.leader() != null
                                    && partition.leader().id() != leader
                                    && partition.isr().size() == 2));
            awaitStarted(installation, started(installation) + TRANSFERS / 12);
            assertThat(demo).as("the load is steady while a broker is away").isNotDone();
            kafka.revive(leader);

            DemoRun ended = demo.get();
            assertThat(ended.exitCode())
                    .as("seed %d:%n%s", seed, ended.output())
                    .isZero();
            installation.awaitQuiet();
            assertThat(installation.whatIsWrong()).as("seed %d", seed).isEmpty();
            assertNothingIsSetAside(installation);
            assertThat(processes(installation)).isEqualTo(processes);
            await("all copies are in step")
                    .atMost(LIMIT)
                    .until(() -> partitions(admin).stream()
                            .allMatch(partition -> partition.isr().size() == KafkaCluster.BROKERS));
        }
    }

    private static void assertThreeCopiesOfWhichTwoHaveWhatIsAcknowledged(Admin admin) throws Exception {
        assertThat(partitions(admin))
                .isNotEmpty()
                .allSatisfy(partition -> assertThat(partition.replicas()).hasSize(KafkaCluster.BROKERS));
        List<ConfigResource> topics = topics(admin).stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))
                .toList();
        assertThat(admin.describeConfigs(topics).all().get(60, TimeUnit.SECONDS).values())
                .allSatisfy(config ->
                        assertThat(config.get("min.insync.replicas").value()).isEqualTo("2"));
    }

    private static void assertNothingIsSetAside(Installation installation) {
        for (String database : Installation.DATABASES) {
            assertThat(installation.count(
                            database,
                            "select (select count(*) from saga_parked) + (select count(*) from saga_inbox_quarantine)"))
                    .as(database)
                    .isZero();
        }
    }

    /** Whose partitions have taken the most records. */
    private static int leaderOfTheBusiestPartitions(Admin admin) throws Exception {
        Map<TopicPartition, Integer> leaders = new HashMap<>();
        for (TopicDescription topic : topics(admin)) {
            topic.partitions()
                    .forEach(partition -> leaders.put(
                            new TopicPartition(topic.name(), partition.partition()),
                            partition.leader().id()));
        }
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        leaders.keySet().forEach(partition -> ends.put(partition, OffsetSpec.latest()));
        Map<Integer, Long> records = new HashMap<>();
        admin.listOffsets(ends)
                .all()
                .get(60, TimeUnit.SECONDS)
                .forEach((partition, end) -> records.merge(leaders.get(partition), end.offset(), Long::sum));
        return records.entrySet().stream()
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .orElseThrow()
                .getKey();
    }

    private static List<TopicPartitionInfo> partitions(Admin admin) throws Exception {
        return topics(admin).stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
    }

    /** Those of the sagas. */
    private static Collection<TopicDescription> topics(Admin admin) throws Exception {
        List<String> names = admin.listTopics().names().get(60, TimeUnit.SECONDS).stream()
                .filter(name -> name.startsWith("saga."))
                .toList();
        return admin.describeTopics(names)
                .allTopicNames()
                .get(60, TimeUnit.SECONDS)
                .values();
    }

    private static List<Long> processes(Installation installation) {
        return Stream.of(installation.transfer, installation.bankA, installation.bankB)
                .map(role -> role.isAlive() ? role.pid() : -1L)
                .toList();
    }

    private static long started(Installation installation) {
        return installation.count("transfer", "select count(*) from saga_instance");
    }

    private static void awaitStarted(Installation installation, long count) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> started(installation) >= count);
    }
}
