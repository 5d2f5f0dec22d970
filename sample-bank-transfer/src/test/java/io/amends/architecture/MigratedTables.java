package io.amends.architecture;

import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database with the tables of all modules, to ask whether it understands a statement. Nothing is run. */
final class MigratedTables implements AutoCloseable {

    private final Connection connection;

    MigratedTables() throws IOException, SQLException {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        DriverManagerDataSource database =
                new DriverManagerDataSource(postgres.freshDatabase(), postgres.username(), postgres.password());
        new SagaSchema(
                        database,
                        SchemaMode.MIGRATE,
                        folders().stream()
                                .map(folder -> new SagaSchema.Scripts(folder, List.of()))
                                .toList())
                .apply();
        connection = database.getConnection();
    }

    /** Where scripts lie, as the class path has it. */
    private static List<String> folders() throws IOException {
        List<String> folders = new ArrayList<>();
        try (Stream<Path> modules = Files.list(NamedTests.ROOT)) {
            for (Path resources : modules.map(module -> module.resolve("src/main/resources"))
                    .filter(folder -> Files.isDirectory(folder.resolve("io/amends")))
                    .toList()) {
                try (Stream<Path> files = Files.walk(resources.resolve("io/amends"))) {
                    files.filter(file -> file.getFileName().toString().matches("V\\d+_\\d+__.*\\.sql"))
                            .map(file -> resources.relativize(file.getParent()).toString())
                            .distinct()
                            .forEach(folders::add);
                }
            }
        }
        return folders;
    }

    /** Which statements of a block it does not understand, and why. */
    List<String> notUnderstood(String sql) {
        List<String> wrong = new ArrayList<>();
        for (String statement : sql.replaceAll("(?m)^\\s*--.*$", "").split(";\\s*(?:\\n|$)", -1)) {
            if (!statement.isBlank()) {
                why(statement.strip()).ifPresent(why -> wrong.add(why + " in " + statement.strip()));
            }
        }
        return wrong;
    }

    private Optional<String> why(String statement) {
        try (Statement jdbc = connection.createStatement()) {
            jdbc.execute("prepare one as " + statement);
            jdbc.execute("deallocate one");
            return Optional.empty();
        } catch (SQLException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
