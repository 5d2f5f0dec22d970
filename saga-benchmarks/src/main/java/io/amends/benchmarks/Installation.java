package io.amends.benchmarks;

import io.amends.benchmarks.bank.Ledger;
import io.amends.benchmarks.measure.CpuTime;
import io.amends.benchmarks.process.ChildProcess;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * PostgreSQL (fsync on), a Kafka broker, the transfer service and both banks: five processes beside this one, which only
 * tells them what to do and reads their meters. Used by one thread.
 */
final class Installation implements AutoCloseable {

    static final String TRANSFER = "transfer";
    static final List<String> BANKS = List.of("bank-a", "bank-b");
    static final String BROKER = "broker";
    static final String POSTGRES = "PostgreSQL";

    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final String OFFSETS_TOPIC = "__consumer_offsets";

    /** No checkpoint comes into a window: the full pages that follow one would burden whichever way is measured then. */
    private static final Map<String, String> NO_CHECKPOINTS =
            Map.of("checkpoint_timeout", "1h", "max_wal_size", "16GB", "max_connections", "100");

    private final EmbeddedPostgresServer postgres;
    private final JdbcTemplate monitor;
    private final int topStatements;
    private final ProcessHandle postmaster;
    private final Map<String, ChildProcess> children = new LinkedHashMap<>();
    private final Map<String, ChildProcess> roles = new LinkedHashMap<>();
    private final Admin kafka;
    private List<TopicPartition> partitions = List.of();

    private Installation(BenchmarkOptions options) throws SQLException {
        topStatements = options.topStatements();
        Map<String, String> settings = new HashMap<>(NO_CHECKPOINTS);
        if (topStatements > 0) {
            settings.put("shared_preload_libraries", "pg_stat_statements");
            settings.put("pg_stat_statements.track_planning", "on");
        }
        postgres = EmbeddedPostgresServer.start(null, settings);
        monitor = new JdbcTemplate(new SingleConnectionDataSource(connect("postgres"), true));
        if (topStatements > 0) {
            monitor.execute("create extension pg_stat_statements");
        }
        postmaster = postmasterOf(monitor);
        for (String bank : BANKS) {
            postgres.createDatabase(database(bank));
            onDatabase(bank, Ledger::create);
        }
        postgres.createDatabase(database(TRANSFER));
        ChildProcess broker = child(BROKER, List.of(), List.of());
        String servers = broker.ask("address", PATIENCE);
        kafka = Admin.create(Map.of("bootstrap.servers", servers));
        for (String role : List.of("bank-a", "bank-b", TRANSFER)) {
            roles.put(role, child(role, options.jvmOptions(), properties(role, servers)));
        }
    }

    /**
     * Starts everything; the roles open nothing yet.
     *
     * @throws IllegalStateException if something does not start
     */
    static Installation start(BenchmarkOptions options) {
        try {
            return new Installation(options);
        } catch (SQLException trouble) {
            throw new IllegalStateException("The embedded PostgreSQL does not answer", trouble);
        }
    }

    private ChildProcess child(String role, List<String> jvmOptions, List<String> properties) {
        List<String> arguments = new ArrayList<>(List.of("--role=" + role));
        arguments.addAll(properties);
        ChildProcess child = ChildProcess.start(
                role,
                BenchmarkApplication.class,
                jvmOptions.stream()
                        .map(option -> option.replace("{role}", role))
                        .toList(),
                arguments);
        children.put(role, child);
        return child;
    }

    private List<String> properties(String role, String servers) {
        return List.of(
                "spring.datasource.url=" + postgres.jdbcUrl(database(role)),
                "spring.datasource.username=" + postgres.username(),
                "spring.datasource.password=" + postgres.password(),
                // Starters, and some for orchestrator, timers and relay; a bank has no starters.
                "spring.datasource.hikari.maximum-pool-size=" + (role.equals(TRANSFER) ? 20 : 8),
                "spring.kafka.bootstrap-servers=" + servers);
    }

    private static String database(String role) {
        return role.replace('-', '_');
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(database), postgres.username(), postgres.password());
    }

    /** The server is a daemon, no child of ours; but its back ends are its children. */
    private static ProcessHandle postmasterOf(JdbcTemplate monitor) {
        return Optional.ofNullable(monitor.queryForObject("select pg_backend_pid()", Long.class))
                .flatMap(ProcessHandle::of)
                .flatMap(ProcessHandle::parent)
                .orElseThrow(() -> new IllegalStateException("PostgreSQL's processes can't be seen from here"));
    }

    private void onDatabase(String bank, Consumer<Ledger> work) throws SQLException {
        try (Connection connection = connect(database(bank))) {
            work.accept(new Ledger(new JdbcTemplate(new SingleConnectionDataSource(connection, true))));
        }
    }

    /** Makes the roles ready for that way. */
    void open(Way way) {
        if (way == Way.PLAIN) {
            ask(
                    TRANSFER,
                    "open-plain %s %s %s"
                            .formatted(
                                    postgres.jdbcUrl(database(BANKS.get(0))),
                                    postgres.jdbcUrl(database(BANKS.get(1))),
                                    postgres.username()));
            return;
        }
        askAll(("open " + way.settings()).strip());
        partitions = partitions();
    }

    /** Closes what was opened. */
    void closeRoles() {
        askAll("close");
    }

    /** Asks a role. */
    String ask(String role, String question) {
        ChildProcess child = roles.get(role);
        if (child == null) {
            throw new IllegalArgumentException("There is no role " + role);
        }
        return child.ask(question, PATIENCE);
    }

    private void askAll(String question) {
        roles.values().forEach(role -> role.send(question));
        roles.values().forEach(role -> role.await(question, PATIENCE));
    }

    /** The meters as they stand, those first that go on fastest. */
    Meters meters() {
        long statements = 0;
        long commits = 0;
        for (ChildProcess role : roles.values()) {
            String[] counts = role.ask("counts", PATIENCE).split(" ", -1);
            statements += Long.parseLong(counts[0]);
            commits += Long.parseLong(counts[1]);
        }
        Map<String, Long> cpu = new LinkedHashMap<>();
        children.forEach((name, child) -> cpu.put(name, CpuTime.of(child.handle())));
        cpu.put(POSTGRES, CpuTime.ofFamily(postmaster));
        Map<Boolean, Long> records = records();
        return new Meters(
                statements, commits, walBytes(), records.getOrDefault(false, 0L), records.getOrDefault(true, 0L), cpu);
    }

    private long walBytes() {
        Long bytes = monitor.queryForObject("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn", Long.class);
        return bytes == null ? 0 : bytes;
    }

    /** Begins the list of statements anew, if there is to be one. */
    void forgetStatements() {
        if (topStatements > 0) {
            monitor.query("select pg_stat_statements_reset()", row -> {});
        }
    }

    /** The statements that took longest since then, of all databases together. */
    List<StatementTime> topStatements() {
        if (topStatements == 0) {
            return List.of();
        }
        return monitor.query(
                """
                select left(regexp_replace(query, '\\s+', ' ', 'g'), 100), sum(calls), sum(total_plan_time), sum(total_exec_time), sum(wal_bytes)
                  from pg_stat_statements group by 1 order by sum(total_plan_time + total_exec_time) desc limit ?""",
                (row, number) -> new StatementTime(
                        row.getString(1), row.getLong(2), row.getDouble(3), row.getDouble(4), row.getLong(5)),
                topStatements);
    }

    private List<TopicPartition> partitions() {
        Set<String> topics = await(
                kafka.listTopics(new ListTopicsOptions().listInternal(true)).names());
        return await(kafka.describeTopics(topics).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
    }

    /** Records that were written so far: of consumers' offsets under true, all others under false. */
    private Map<Boolean, Long> records() {
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return await(kafka.listOffsets(latest).all()).entrySet().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.getKey().topic().equals(OFFSETS_TOPIC),
                        Collectors.summingLong(entry -> entry.getValue().offset())));
    }

    private static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException trouble) {
            throw new IllegalStateException("Kafka does not tell how many records it has", trouble);
        }
    }

    /**
     * Checks that every transfer was carried out once at both banks.
     *
     * @param transfers how many have ended
     * @throws IllegalStateException if not
     */
    void check(long transfers) {
        for (String bank : BANKS) {
            try {
                onDatabase(bank, ledger -> {
                    Ledger.Moved moved = ledger.moved();
                    if (moved.entries() != transfers
                            || moved.transfers() != transfers
                            || moved.sum() != moved.change()) {
                        throw new IllegalStateException(
                                "%d transfers have ended, but %s has %s".formatted(transfers, bank, moved));
                    }
                });
            } catch (SQLException trouble) {
                throw new IllegalStateException("The ledger of %s can't be read".formatted(bank), trouble);
            }
        }
    }

    /** Ends everything. */
    @Override
    public void close() {
        kafka.close(Duration.ofSeconds(5));
        roles.values().forEach(ChildProcess::close);
        children.values().forEach(ChildProcess::close);
        postgres.close();
    }
}
