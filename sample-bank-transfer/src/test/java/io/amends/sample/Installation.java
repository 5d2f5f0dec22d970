package io.amends.sample;

import static org.awaitility.Awaitility.await;

import io.amends.sample.demo.Demo;
import io.amends.sample.demo.DemoOptions;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Three roles as three processes, on a PostgreSQL and a Kafka that live in this JVM. Most tests of a JVM share one. */
final class Installation implements AutoCloseable {

    static final String CONSOLE_PASSWORD = "open-sesame";
    static final List<String> DATABASES = List.of("transfer", "bank_a", "bank_b");

    private static final class Shared {
        static final Installation ONE = new Installation();
    }

    final EmbeddedPostgresServer postgres;
    /** Null where the test has a Kafka of its own. */
    final EmbeddedKafkaBroker kafka;

    private final String bootstrapServers;
    final RoleProcess bankA;
    final RoleProcess bankB;
    final RoleProcess transfer;

    private Installation() {
        this(EmbeddedPostgresServer.start(), EmbeddedKafkaBroker.start());
    }

    private Installation(EmbeddedPostgresServer postgres, EmbeddedKafkaBroker kafka) {
        this(postgres, kafka, kafka.bootstrapServers());
    }

    private Installation(EmbeddedPostgresServer postgres, EmbeddedKafkaBroker kafka, String bootstrapServers) {
        this.postgres = postgres;
        this.kafka = kafka;
        this.bootstrapServers = bootstrapServers;
        DATABASES.forEach(postgres::createDatabase);
        bankA = RoleProcess.start("bank-a", RoleProcess.freePort(), bank("bank_a"));
        bankB = RoleProcess.start("bank-b", RoleProcess.freePort(), bank("bank_b"));
        transfer =
                RoleProcess.start("transfer", RoleProcess.freePort(), transferOptions("--saga.twopc.recover-every=1s"));
        // Not gracefully: the servers' own hooks run at the same time, and nobody could drain into a Kafka that is
        // gone.
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> Stream.of(transfer, bankA, bankB).forEach(RoleProcess::end)));
        Stream.of(bankA, bankB, transfer).forEach(RoleProcess::awaitHealthy);
    }

    static Installation shared() {
        return Shared.ONE;
    }

    /** On servers of the test's own, whose databases may be there already. */
    static Installation on(EmbeddedPostgresServer postgres, String bootstrapServers) {
        return new Installation(postgres, null, bootstrapServers);
    }

    /** Ends the roles, not the servers. */
    @Override
    public void close() {
        Stream.of(transfer, bankA, bankB).forEach(RoleProcess::end);
    }

    List<String> servers(String database) {
        return List.of(
                "--management.endpoints.web.exposure.include=health,beans,prometheus",
                // What a killed process had is free by the time that it runs again: tests wait for work, not for
                // leases.
                "--saga.relay.lease-time=4s",
                "--spring.kafka.consumer.properties.session.timeout.ms=6000",
                "--spring.datasource.url=" + postgres.jdbcUrl(database),
                "--spring.datasource.username=" + postgres.username(),
                "--spring.datasource.password=" + postgres.password(),
                "--spring.kafka.bootstrap-servers=" + bootstrapServers);
    }

    private List<String> bank(String database) {
        List<String> options = new ArrayList<>(servers(database));
        options.add("--bank.breakable=true");
        return options;
    }

    List<String> transferOptions(String... more) {
        List<String> options = new ArrayList<>(servers("transfer"));
        options.add("--console.password=" + CONSOLE_PASSWORD);
        options.add("--transfer.banks.bank-a=" + bankA.uri());
        options.add("--transfer.banks.bank-b=" + bankB.uri());
        options.addAll(List.of(more));
        return options;
    }

    /** What a demo came to. */
    record DemoRun(int exitCode, String output) {}

    DemoRun demo(int transfers, long seed) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DemoOptions options = new DemoOptions(
                transfer.uri(), bankA.uri(), bankB.uri(), transfers, 16, seed, Duration.ofMinutes(5), null);
        int code = new Demo(options, new PrintStream(out, true, StandardCharsets.UTF_8)).run();
        return new DemoRun(code, out.toString(StandardCharsets.UTF_8));
    }

    String query(String database, String sql) {
        try (Connection connection = DriverManager.getConnection(
                        postgres.jdbcUrl(database), postgres.username(), postgres.password());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return String.valueOf(result.getString(1));
        } catch (SQLException trouble) {
            throw new IllegalStateException(sql, trouble);
        }
    }

    long count(String database, String sql) {
        return Long.parseLong(query(database, sql));
    }

    /** Until every outbox is empty. */
    void awaitQuiet() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> DATABASES.stream()
                        .allMatch(database -> count(database, "select count(*) from saga_outbox_pending") == 0));
    }

    /** What must hold after any trouble: all terminal, each movement once, no hold left. */
    List<String> whatIsWrong() {
        List<String> wrong = new ArrayList<>();
        expectZero(
                wrong,
                "transfer",
                "sagas that are not terminal",
                "select count(*) from saga_instance where phase not in ('COMPLETED', 'COMPENSATED')");
        expectZero(
                wrong,
                "transfer",
                "transfers by two-phase commit that have not ended",
                "select count(*) from two_phase_transfer where status not in ('COMMITTED', 'ABORTED')");
        for (String bank : List.of("bank_a", "bank_b")) {
            expectZero(
                    wrong,
                    bank,
                    "branches that are prepared",
                    "select count(*) from pg_prepared_xacts where database = current_database()");
            expectZero(wrong, bank, "movements that were not made exactly once", """
                    select count(*) from (select 1 from ledger_entry where transfer_id is not null
                                           group by transfer_id, kind having count(*) <> 2) x""");
            expectZero(wrong, bank, "transactions whose entries do not sum to zero", """
                    select count(*) from (select 1 from ledger_entry where transfer_id is not null
                                           group by transfer_id, kind having sum(amount) <> 0) x""");
            expectZero(wrong, bank, "holds of ended transfers", "select count(*) from hold where status = 'HELD'");
            expectZero(wrong, bank, "accounts whose balance is not that of the ledger", """
                    select count(*) from account a
                     where balance <> (select coalesce(sum(amount), 0) from ledger_entry l where l.account = a.account)""");
        }
        return wrong;
    }

    private void expectZero(List<String> wrong, String database, String what, String sql) {
        long found = count(database, sql);
        if (found != 0) {
            wrong.add("%s: %d %s".formatted(database, found, what));
        }
    }
}
