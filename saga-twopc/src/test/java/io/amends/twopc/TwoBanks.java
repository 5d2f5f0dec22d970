package io.amends.twopc;

import com.fasterxml.uuid.Generators;
import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Two banks with an account each, and a log of decisions, in three databases of a real server. 100 are at each bank, and
 * whatever happens, 200 must be there in the end.
 */
final class TwoBanks implements AutoCloseable {

    static final String INSTALLATION = "test";
    static final String A = "bank-a";
    static final String B = "bank-b";

    static final TwoPhaseSettings SETTINGS = new TwoPhaseSettings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            3,
            Duration.ofMillis(5),
            Duration.ofDays(7),
            Duration.ofMillis(200),
            Duration.ofSeconds(60),
            16);

    private static final Supplier<UUID> IDS = Generators.timeBasedEpochGenerator()::generate;

    /** Logs with their tables, of tests that have ended. */
    private static final Queue<String> LOGS = new ConcurrentLinkedQueue<>();

    /** Their JDBC addresses. */
    private record Databases(String a, String b, String log) {}

    private final Databases databases;
    final EmbeddedPostgresServer server;
    final HikariDataSource poolA;
    final HikariDataSource poolB;
    final HikariDataSource poolLog;
    private boolean wroteBefore;

    private TwoBanks(EmbeddedPostgresServer server, Databases databases) {
        this.server = server;
        this.databases = databases;
        this.poolA = pool(server, databases.a());
        this.poolB = pool(server, databases.b());
        this.poolLog = pool(server, databases.log());
        openAccounts();
    }

    /** On the server that all tests share, in the databases of a test that has ended if there are any. */
    static TwoBanks open() {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        String log = LOGS.poll();
        return new TwoBanks(
                server,
                new Databases(
                        SpareDatabases.take(),
                        SpareDatabases.take(),
                        log == null ? migrated(server, SpareDatabases.take()) : log));
    }

    static TwoBanks open(EmbeddedPostgresServer server) {
        return new TwoBanks(
                server,
                new Databases(
                        server.freshDatabase(), server.freshDatabase(), migrated(server, server.freshDatabase())));
    }

    private static String migrated(EmbeddedPostgresServer server, String url) {
        SagaSchema.Scripts scripts = new SagaSchema.Scripts(JdbcDecisionLog.SCRIPTS_FOLDER, JdbcDecisionLog.SCRIPTS);
        DataSource log = new DriverManagerDataSource(url, server.username(), server.password());
        new SagaSchema(log, SchemaMode.MIGRATE, List.of(SagaSchema.OUTBOX, scripts)).apply();
        return url;
    }

    private void openAccounts() {
        Stream.of(poolA, poolB).map(JdbcTemplate::new).forEach(bank -> {
            bank.execute("create table account (id integer primary key, balance bigint not null check (balance >= 0))");
            bank.execute("insert into account values (1, 100)");
        });
    }

    private static HikariDataSource pool(EmbeddedPostgresServer server, String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername(server.username());
        pool.setPassword(server.password());
        pool.setMaximumPoolSize(16);
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(1000);
        return pool;
    }

    JdbcDecisionLog log() {
        return new JdbcDecisionLog(poolLog, INSTALLATION);
    }

    List<Participant> participants() {
        return List.of(participant(A, poolA, wroteBefore), participant(B, poolB, wroteBefore));
    }

    /** As if so many branches had written before that the next is no longer asked. */
    TwoBanks wroteBefore(boolean itDid) {
        wroteBefore = itDid;
        return this;
    }

    static JdbcParticipant participant(String name, DataSource pool, boolean wroteBefore) {
        JdbcParticipant participant = new JdbcParticipant(name, pool);
        while (wroteBefore && !participant.expectsWrites()) {
            participant.wrote(true);
        }
        return participant;
    }

    /** Without recovery in the background, unless it is started. */
    TwoPhaseTransactions coordinator(String name) {
        return coordinator(name, log(), Probe.NONE);
    }

    TwoPhaseTransactions coordinator(String name, DecisionLog log, Probe probe) {
        return coordinator(name, log, probe, SETTINGS);
    }

    TwoPhaseTransactions coordinator(String name, DecisionLog log, Probe probe, TwoPhaseSettings settings) {
        CoordinatorName named = new CoordinatorName(INSTALLATION, name);
        return new TwoPhaseTransactions(named, log, participants(), settings, IDS, () -> 0.5, probe, Ours.of(named));
    }

    static TransactionId newId() {
        return new TransactionId(IDS.get());
    }

    static Gid gid(String coordinator, TransactionId id, String branch) {
        return new Gid(INSTALLATION, coordinator, id, branch);
    }

    /** From bank A to bank B. */
    static TransactionId transfer(TwoPhaseTransactions transactions, long amount) throws SQLException {
        return transactions.execute(transaction -> {
            move(transaction, amount);
            return transaction.id();
        });
    }

    static void move(TwoPhaseTransaction transaction, long amount) throws SQLException {
        transaction.branch(A, connection -> add(connection, -amount));
        transaction.branch(B, connection -> add(connection, amount));
    }

    static void add(Connection connection, long amount) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("update account set balance = balance + ? where id = 1")) {
            statement.setLong(1, amount);
            statement.executeUpdate();
        }
    }

    /** Prepares a branch by hand, as a coordinator that died has. */
    void prepare(String bank, String gid, long amount) {
        try (Connection connection = pool(bank).getConnection()) {
            connection.setAutoCommit(false);
            try {
                add(connection, amount);
                connection.createStatement().execute("prepare transaction '" + gid + "'");
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException trouble) {
            throw new IllegalStateException(trouble);
        }
    }

    /** Both branches of a transfer, prepared, with their numbers. */
    List<Decision.Branch> prepareTransfer(String coordinator, TransactionId id, long amount) {
        prepare(A, gid(coordinator, id, A).text(), -amount);
        prepare(B, gid(coordinator, id, B).text(), amount);
        return List.of(
                new Decision.Branch(A, number(coordinator, id, A)), new Decision.Branch(B, number(coordinator, id, B)));
    }

    /** The number of a transaction that is prepared. No server of a test has had so many that the epoch is another. */
    private String number(String coordinator, TransactionId id, String bank) {
        return String.valueOf(jdbc(bank)
                .queryForObject(
                        "select transaction::text from pg_prepared_xacts where gid = ?",
                        String.class,
                        gid(coordinator, id, bank).text()));
    }

    void decideCommit(String coordinator, TransactionId id, List<Decision.Branch> branches) {
        if (!log().commit(new Decision(id, Outcome.COMMIT, coordinator, branches), Duration.ofSeconds(5))) {
            throw new IllegalStateException("settled already");
        }
    }

    HikariDataSource pool(String bank) {
        return bank.equals(A) ? poolA : bank.equals(B) ? poolB : poolLog;
    }

    JdbcTemplate jdbc(String bank) {
        return new JdbcTemplate(pool(bank));
    }

    long balance(String bank) {
        Long balance = jdbc(bank).queryForObject("select balance from account where id = 1", Long.class);
        return balance == null ? -1 : balance;
    }

    /** The names of what is prepared at both banks, whosever it is. */
    List<String> prepared() {
        List<String> all = new ArrayList<>();
        for (String bank : List.of(A, B)) {
            all.addAll(jdbc(bank)
                    .queryForList(
                            "select gid from pg_prepared_xacts where database = current_database() order by gid",
                            String.class));
        }
        return all;
    }

    /** Ends every session of that database but those that look, and returns when they are gone. */
    void terminate(String bank) {
        String url = pool(bank).getJdbcUrl();
        String database = url.substring(url.lastIndexOf('/') + 1);
        try (HikariDataSource outside = pool(server, server.jdbcUrl("postgres"))) {
            JdbcTemplate jdbc = new JdbcTemplate(outside);
            jdbc.queryForList(
                    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = ? and backend_type = 'client backend'",
                    Boolean.class,
                    database);
        }
        // Those that lay in the pool are gone too; a pool notices only those that have lain for half a second.
        pool(bank).getHikariPoolMXBean().softEvictConnections();
    }

    /** What is wrong once all has been recovered; empty if all is as it must be. */
    List<String> violations() {
        List<String> violations = new ArrayList<>();
        List<String> prepared = prepared();
        if (!prepared.isEmpty()) {
            violations.add("in doubt: " + prepared);
        }
        long total = balance(A) + balance(B);
        if (total != 200) {
            violations.add("not atomic: %d at the banks".formatted(total));
        }
        for (String bank : List.of(A, B)) {
            try (Connection connection = pool(bank).getConnection()) {
                connection.createStatement().execute("set lock_timeout = 2000; update account set balance = balance");
            } catch (SQLException locked) {
                violations.add("locked: " + locked.getMessage());
            }
        }
        return violations;
    }

    /** Leaves nothing: other tests get the databases. */
    @Override
    public void close() {
        poolA.close();
        poolB.close();
        poolLog.close();
        if (server != EmbeddedPostgresServer.shared()) {
            return;
        }
        SpareDatabases.giveBack(databases.a());
        SpareDatabases.giveBack(databases.b());
        SpareDatabases.clean(databases.log(), "truncate twopc_decision, twopc_heuristic");
        LOGS.add(databases.log());
    }
}
