package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes down what a version leaves behind, for {@link UpgradeTest} and {@link ReleasedScriptsTest} of later ones. Run once
 * when a version is released, with its name in the system property {@code release.snapshot}; see docs/guides/upgrading.md.
 */
@EnabledIfSystemProperty(named = "release.snapshot", matches = "[0-9a-z.-]+")
class ReleaseSnapshotTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern LOGGED = Pattern.compile("(?:execute [^:]*|statement): (.*)", Pattern.DOTALL);
    private static final Pattern OURS =
            Pattern.compile("(?is)(select|with|insert|update|delete|lock)\\b.*\\b(saga|twopc)_.*");

    private final Release release = new Release(System.getProperty("release.snapshot", "none"));

    @Test
    void a_release_is_kept_with_sagas_under_way(@TempDir Path logs) throws Exception {
        Files.createDirectories(release.folder());
        try (EmbeddedPostgresServer postgres = EmbeddedPostgresServer.start(
                        null,
                        Map.of(
                                "logging_collector", "on",
                                "log_destination", "jsonlog",
                                "log_directory", logs.toString(),
                                "log_filename", "statements.log",
                                "log_statement", "all"));
                EmbeddedKafkaBroker kafka = EmbeddedKafkaBroker.start();
                Installation installation = Installation.on(postgres, kafka.bootstrapServers())) {
            leaveSagasOfAllKinds(installation, kafka);
            for (String database : Installation.DATABASES) {
                try (Connection connection =
                        Release.dataSource(postgres.jdbcUrl(database)).getConnection()) {
                    Files.writeString(release.folder().resolve(database + ".sql"), DatabaseText.of(connection));
                }
            }
            copyScripts();
            String all = postgres.freshDatabase();
            Release.migrateToPresent(all);
            release.writeStatements(understood(all, statements(logs)));
        }
    }

    private void leaveSagasOfAllKinds(Installation installation, EmbeddedKafkaBroker kafka) throws Exception {
        RoleProcess bankA = installation.bankA;
        RoleProcess bankB = installation.bankB;
        String a = Api.account(bankA.uri(), "1000.00");
        String b = Api.account(bankB.uri(), "1000.00");
        String closed = Api.account(bankB.uri(), "0.00");
        Api.post(bankB.uri(), "/accounts/" + closed + "/close", "");

        List<String> ended = new ArrayList<>();
        for (String to : List.of(b, b, b, closed)) {
            ended.add(submit(installation, Api.transfer(a, to, "1.00")));
        }
        Map<String, String> twoPhase = Api.transfer(a, b, "1.50");
        twoPhase.put("mode", "2pc");
        ended.add(submit(installation, twoPhase));
        ended.forEach(id -> Api.get(installation.transfer.uri(), "/transfers/" + id + "?wait=30s"));

        // Stuck behind the pivot, and stuck in a compensation.
        Api.post(bankA.uri(), "/books", Map.of("open", "false"));
        submit(installation, Api.transfer(a, b, "2.00"));
        submit(installation, Api.transfer(a, closed, "3.00"));
        awaitCount(installation, 2, "select count(*) from saga_instance where phase = 'STUCK'");
        awaitCount(installation, 2, "select count(*) from saga_console_stuck");
        Api.post(bankA.uri(), "/books", Map.of("open", "true"));

        // A message that Kafka never takes, and one that nobody understands.
        installation.query("transfer", """
                insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)
                select gen_random_uuid(), 'not a topic', aggregateid, type, payload, headers, bucket
                  from saga_outbox limit 1 returning position""");
        awaitCount(installation, 1, "select count(*) from saga_parked");
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("saga.money-transfer.replies", "who", "what"))
                    .get(60, TimeUnit.SECONDS);
        }
        awaitCount(installation, 1, "select count(*) from saga_inbox_quarantine");

        // Reserved at bank A, which dies; then bank B credits some of them and refuses the others.
        bankB.kill();
        for (String to : List.of(b, b, closed, closed)) {
            submit(installation, Api.transfer(a, to, "4.00"));
        }
        awaitCount(
                installation,
                4,
                "select count(*) from saga_step where step = 'credit-destination' and status = 'SENT'");
        bankA.kill();
        bankB.restart();
        awaitCount(installation, 2, "select count(*) from saga_step where step = 'capture-funds' and status = 'SENT'");
        awaitCount(installation, 2, "select count(*) from saga_instance where phase = 'COMPENSATING'");

        // Credits that bank A never sees, and reservations that nobody answers.
        submit(installation, Api.reversed(Api.transfer(b, a, "5.00")));
        awaitCount(
                installation,
                1,
                "select count(*) from saga_step where step = 'credit-destination' and status = 'SENT'");
        submit(installation, Api.transfer(a, b, "6.00"));
        awaitNothingPending(installation);
        bankB.kill();

        // Messages that are not published.
        kafka.stop();
        submit(installation, Api.transfer(a, b, "7.00"));
        submit(installation, Api.reversed(Api.transfer(b, a, "8.00")));
        installation.transfer.kill();
        assertThat(installation.count("transfer", "select count(*) from saga_outbox_pending"))
                .isEqualTo(2);
    }

    private static String submit(Installation installation, Map<String, String> order) {
        assertThat(Api.post(installation.transfer.uri(), "/transfers?precheck=false", order)
                        .status())
                .isEqualTo(202);
        return order.get("transferId");
    }

    private static void awaitCount(Installation installation, int count, String sql) {
        await(sql).atMost(LIMIT).until(() -> installation.count("transfer", sql) == count);
    }

    private static void awaitNothingPending(Installation installation) {
        awaitCount(installation, 0, "select count(*) from saga_outbox_pending");
    }

    private void copyScripts() throws IOException {
        Map<String, Path> all = new TreeMap<>(Release.MODULES);
        Release.SAMPLE.forEach((role, folder) -> all.put("sample/" + role, folder));
        for (Map.Entry<String, Path> module : all.entrySet()) {
            Path to = Files.createDirectories(release.scripts(module.getKey()));
            for (Map.Entry<String, String> script :
                    Release.files(module.getValue()).entrySet()) {
                Files.writeString(to.resolve(script.getKey()), script.getValue());
            }
        }
    }

    /** What the processes asked of the library's tables. */
    private static Set<String> statements(Path logs) throws IOException {
        JsonMapper json = new JsonMapper();
        Set<String> found = new LinkedHashSet<>();
        for (String line : Files.readAllLines(logs.resolve("statements.json"), StandardCharsets.UTF_8)) {
            Matcher logged = LOGGED.matcher(json.readTree(line).path("message").asString(""));
            if (logged.matches() && OURS.matcher(logged.group(1).strip()).matches()) {
                found.add(logged.group(1).strip().replaceAll("\\s*\\n\\s*", "\n"));
            }
        }
        return found;
    }

    /** But for those of migrations, which name tables that are gone, and of the sample's own tables. */
    private static List<String> understood(String jdbcUrl, Set<String> statements) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = Release.dataSource(jdbcUrl).getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                try {
                    statement.execute("prepare one as " + sql);
                    statement.execute("deallocate one");
                    found.add(sql);
                } catch (SQLException notHere) {
                    System.out.println("Left out: " + notHere.getMessage() + " in " + sql);
                }
            }
        }
        return found;
    }
}
