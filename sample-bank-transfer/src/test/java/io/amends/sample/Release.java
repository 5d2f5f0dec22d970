package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A version that somebody may run: its migration scripts, its statements, and databases with sagas under way as it left
 * them. Written by {@link ReleaseSnapshotTest}, never changed afterwards.
 */
record Release(String name) {

    static final Path FOLDER = Path.of("src", "test", "resources", "releases");

    /** Where each module has its scripts. */
    static final Map<String, Path> MODULES = new TreeMap<>(Map.of(
            "outbox", Path.of("..", "saga-outbox", "src", "main", "resources", "io", "amends", "outbox", "schema"),
            "runtime", Path.of("..", "saga-runtime", "src", "main", "resources", "io", "amends", "runtime", "schema"),
            "twopc", Path.of("..", "saga-twopc", "src", "main", "resources", "io", "amends", "twopc", "schema"),
            "endpoint", Path.of("..", "saga-twopc", "src", "main", "resources", "io", "amends", "twopc", "endpoint"),
            "dashboard",
                    Path.of(
                            "..",
                            "saga-dashboard",
                            "src",
                            "main",
                            "resources",
                            "io",
                            "amends",
                            "dashboard",
                            "schema")));

    /** Where the sample has those of its own tables, by the role. */
    static final Map<String, Path> SAMPLE = new TreeMap<>(Map.of(
            "bank", Path.of("src", "main", "resources", "db", "migration", "bank"),
            "transfer", Path.of("src", "main", "resources", "db", "migration", "transfer")));

    private static final String BETWEEN_STATEMENTS = "\n-- next statement\n";

    /** The earliest first. */
    static List<Release> all() {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.map(folder -> new Release(folder.getFileName().toString()))
                    .sorted((a, b) -> a.name.compareTo(b.name))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Release last() {
        List<Release> all = all();
        return all.get(all.size() - 1);
    }

    Path folder() {
        return FOLDER.resolve(name);
    }

    Path scripts(String module) {
        return folder().resolve(module);
    }

    @Override
    public String toString() {
        return name;
    }

    List<String> statements() {
        return Arrays.asList(read(folder().resolve("statements.sql")).split(BETWEEN_STATEMENTS, -1));
    }

    void writeStatements(List<String> statements) throws IOException {
        Files.writeString(folder().resolve("statements.sql"), String.join(BETWEEN_STATEMENTS, statements));
    }

    /** The library's tables as this version made them. */
    void migrate(String jdbcUrl) {
        migrate(
                jdbcUrl,
                MODULES.keySet().stream()
                        .map(this::scripts)
                        .filter(Files::isDirectory)
                        .map(folder -> "releases/" + name + "/" + folder.getFileName())
                        .toList());
    }

    /** The library's tables as the present version makes them. */
    static void migrateToPresent(String jdbcUrl) {
        migrate(
                jdbcUrl,
                List.of(
                        SagaSchema.OUTBOX.folder(),
                        "io/amends/runtime/schema",
                        "io/amends/twopc/schema",
                        "io/amends/twopc/endpoint",
                        "io/amends/dashboard/schema"));
    }

    private static void migrate(String jdbcUrl, List<String> folders) {
        new SagaSchema(
                        dataSource(jdbcUrl),
                        SchemaMode.MIGRATE,
                        folders.stream()
                                .map(folder -> new SagaSchema.Scripts(folder, List.of()))
                                .toList())
                .apply();
    }

    /** All databases of the sample, as this version left them, a moment ago by their clocks. */
    void restore(EmbeddedPostgresServer postgres) throws SQLException {
        for (String database : Installation.DATABASES) {
            postgres.createDatabase(database);
            String jdbcUrl = postgres.jdbcUrl(database);
            migrate(jdbcUrl);
            Flyway.configure()
                    .dataSource(dataSource(jdbcUrl))
                    .locations("classpath:releases/%s/sample/%s"
                            .formatted(name, database.equals("transfer") ? "transfer" : "bank"))
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
            try (Connection connection = dataSource(jdbcUrl).getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(DatabaseText.empty(connection));
                statement.execute(read(folder().resolve(database + ".sql")));
                statement.execute(DatabaseText.bringForward(connection));
                // As docs/outbox.md tells to after a restore into another cluster.
                statement.execute("select saga_outbox_after_restore()");
            }
        }
    }

    static PGSimpleDataSource dataSource(String jdbcUrl) {
        PGSimpleDataSource made = new PGSimpleDataSource();
        made.setUrl(jdbcUrl);
        made.setUser("postgres");
        made.setPassword("postgres");
        return made;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The files of a folder by their names. */
    static Map<String, String> files(Path folder) {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> found.put(file.getFileName().toString(), read(file)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        assertThat(found).as("scripts in %s", folder).isNotEmpty();
        return found;
    }
}
