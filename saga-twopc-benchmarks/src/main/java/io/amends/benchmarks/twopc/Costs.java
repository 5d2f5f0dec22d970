package io.amends.benchmarks.twopc;

import io.amends.benchmarks.twopc.contender.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Counts what transfers use, one in flight. PostgreSQL's back ends tell what they have counted ten seconds after their
 * last work at the latest, and at their end.
 */
final class Costs {

    /** The name of files of the contender's own. */
    static final String FILES = "files";

    private static final Duration TOLD = Duration.ofSeconds(11);
    private static final int FIRST = 50;
    private static final String OFFSETS_TOPIC = "__consumer_offsets";

    private static final String METERS = """
            select (select coalesce(sum(fsyncs), 0) from pg_stat_io where object = 'wal'),
                   (select xact_commit from pg_stat_database where datname = current_database()),
                   (select coalesce(sum(calls), 0) from pg_stat_statements s join pg_database d on d.oid = s.dbid
                     where d.datname = current_database() and query !~* '^(begin|commit|rollback)$')""";

    private static final String OTHERS = """
            select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()""";

    private final Options options;
    private final Installation installation;
    private final SplittableRandom seeds;

    Costs(Options options, Installation installation) {
        this.options = options;
        this.installation = installation;
        this.seeds = new SplittableRandom(~options.seed());
    }

    /** Counts for everyone, saying to standard error how far it is. */
    List<Cost> run() {
        installation.servers().track("top");
        List<Cost> costs = new ArrayList<>();
        for (Kind kind : options.only()) {
            installation.open(kind);
            carryOut(kind, FIRST);
            Pause.of(TOLD);
            Map<String, long[]> before = meters();
            long[] recordsBefore = records(kind);
            long ownBefore = Long.parseLong(installation.ask(kind, "forced"));
            carryOut(kind, options.costs());
            long own = Long.parseLong(installation.ask(kind, "forced")) - ownBefore;
            long[] records = records(kind);
            installation.close(kind);
            awaitEnds();
            Cost cost = cost(kind, before, meters(), own, records[0] - recordsBefore[0], records[1] - recordsBefore[1]);
            costs.add(cost);
            System.err.println(cost);
            installation.audit().check(Measure.COST, kind);
        }
        installation.servers().track("none");
        return costs;
    }

    private void carryOut(Kind kind, int transfers) {
        installation.ask(kind, "load 1 0 %d %d".formatted(transfers, seeds.nextLong()));
        String[] ends = installation.ask(kind, "finish").split(" ", -1);
        if (Long.parseLong(ends[0]) != transfers) {
            throw new IllegalStateException(
                    "Of %d transfers of %s only %s completed".formatted(transfers, kind, ends[0]));
        }
        installation.audit().told(transfers, 0);
    }

    private Cost cost(
            Kind kind, Map<String, long[]> before, Map<String, long[]> after, long own, long records, long offsets) {
        double transfers = options.costs();
        Map<String, Double> forced = new LinkedHashMap<>();
        long commits = 0;
        long statements = 0;
        for (Map.Entry<String, long[]> entry : after.entrySet()) {
            long[] then = before.getOrDefault(entry.getKey(), new long[3]);
            forced.put(entry.getKey(), (entry.getValue()[0] - then[0]) / transfers);
            commits += entry.getValue()[1] - then[1];
            statements += entry.getValue()[2] - then[2];
        }
        forced.put(FILES, own / transfers);
        return new Cost(
                kind, forced, commits / transfers, statements / transfers, records / transfers, offsets / transfers);
    }

    /** Back ends tell what is left when they end, which is after the contender has closed its connections. */
    private void awaitEnds() {
        long limit = System.nanoTime() + TOLD.toNanos();
        for (String name : installation.servers().names()) {
            try (Connection connection = installation.servers().connect(name);
                    PreparedStatement statement = connection.prepareStatement(OTHERS)) {
                while (others(statement) > 0 && System.nanoTime() - limit < 0) {
                    Pause.of(Duration.ofMillis(100));
                }
            } catch (SQLException trouble) {
                throw new IllegalStateException("Server %s does not tell who is there".formatted(name), trouble);
            }
        }
    }

    private static long others(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private Map<String, long[]> meters() {
        Map<String, long[]> meters = new LinkedHashMap<>();
        for (String name : installation.servers().names()) {
            try (Connection connection = installation.servers().connect(name);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(METERS)) {
                row.next();
                meters.put(name, new long[] {row.getLong(1), row.getLong(2), row.getLong(3)});
            } catch (SQLException trouble) {
                throw new IllegalStateException("Server %s does not tell its counts".formatted(name), trouble);
            }
        }
        return meters;
    }

    /** What was written to Kafka until now: records, and those of consumers' offsets. */
    private long[] records(Kind kind) {
        if (kind != Kind.SAGA) {
            return new long[2];
        }
        try (Admin kafka = Admin.create(Map.of("bootstrap.servers", installation.broker()))) {
            Map<TopicPartition, OffsetSpec> latest = kafka
                    .describeTopics(kafka.listTopics(new ListTopicsOptions().listInternal(true))
                            .names()
                            .get())
                    .allTopicNames()
                    .get()
                    .values()
                    .stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                    .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
            long[] counts = new long[2];
            kafka.listOffsets(latest)
                    .all()
                    .get()
                    .forEach((partition, end) ->
                            counts[partition.topic().equals(OFFSETS_TOPIC) ? 1 : 0] += end.offset());
            return counts;
        } catch (ExecutionException trouble) {
            throw new IllegalStateException("Kafka does not tell how many records it has", trouble);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while Kafka was asked", interrupted);
        }
    }
}
