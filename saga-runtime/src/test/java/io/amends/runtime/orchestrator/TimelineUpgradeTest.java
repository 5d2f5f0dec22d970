package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The script that changes the history and its view, while processes of the version before read them. */
class TimelineUpgradeTest {

    private static List<String> statements(String script) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                TimelineUpgradeTest.class.getResourceAsStream("/io/amends/runtime/schema/" + script))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("--"))
                    .collect(Collectors.joining("\n"));
            return Stream.of(text.split(";", -1))
                    .filter(statement -> !statement.isBlank())
                    .toList();
        }
    }

    private static void before(TestDatabase database) throws IOException {
        List<String> made = statements("V2_017__sent.sql");
        database.jdbc().execute("drop view saga_timeline");
        database.jdbc().execute("alter table saga_history drop column command_id, drop column command_place");
        database.jdbc().execute(made.get(made.size() - 1));
    }

    @Test
    void who_reads_the_history_between_two_of_its_statements_waits_and_nobody_is_given_up() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (TestDatabase database = TestDatabase.create();
                Connection upgrade = database.dataSource().getConnection()) {
            before(database);
            List<String> script = statements("V2_018__answered.sql");
            upgrade.setAutoCommit(false);
            run(upgrade, script.subList(0, 1));
            Future<Long> reader = threads.submit(() -> database.count("saga_timeline"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> database.number("select count(*) from pg_locks where not granted and database ="
                                    + " (select oid from pg_database where datname = current_database())")
                            > 0);

            run(upgrade, script.subList(1, script.size()));
            upgrade.commit();

            assertThat(reader.get(30, TimeUnit.SECONDS)).isZero();
        } finally {
            threads.shutdownNow();
        }
    }

    private static void run(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
