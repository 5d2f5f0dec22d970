package io.amends.outbox.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.api.output.ValidateResult;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NativeDetector;

/**
 * The library's tables, kept by Flyway in a history table of their own, {@value #HISTORY_TABLE}: the application's
 * migrations and theirs do not meet. Not a Flyway bean, which would switch off the application's.
 */
public final class SagaSchema {

    private static final int MOST_TOLD = 5;

    /** Where Flyway notes what was done. */
    public static final String HISTORY_TABLE = "saga_schema_history";

    /** The scripts of the outbox. */
    public static final Scripts OUTBOX = new Scripts(
            "io/amends/outbox/schema",
            List.of(
                    "V1_001__outbox.sql",
                    "V1_002__segments_and_lanes.sql",
                    "V1_003__inbox.sql",
                    "V1_004__operations.sql",
                    "V1_005__appended_and_server_run.sql"));

    private final DataSource dataSource;
    private final SchemaMode mode;
    private final List<Scripts> scripts;
    private final boolean byName;
    private final @Nullable String schema;

    /**
     * Scripts of one module.
     *
     * @param folder their folder on the class path
     * @param files their names, in order
     */
    public record Scripts(String folder, List<String> files) {

        public Scripts {
            files = List.copyOf(files);
        }
    }

    /** For that database and those modules, in the schema that connections use. */
    public SagaSchema(DataSource dataSource, SchemaMode mode, List<Scripts> scripts) {
        this(dataSource, mode, scripts, null);
    }

    /**
     * Likewise.
     *
     * @param schema the tables' schema, which is made if it is missing and must be where connections look, by their
     *     {@code search_path}; null for the first of these
     */
    public SagaSchema(DataSource dataSource, SchemaMode mode, List<Scripts> scripts, @Nullable String schema) {
        this(dataSource, mode, scripts, schema, NativeDetector.inNativeImage());
    }

    /** By the names alone, as in a native image, which has no folders to look through; or by the folders. */
    SagaSchema(DataSource dataSource, SchemaMode mode, List<Scripts> scripts, @Nullable String schema, boolean byName) {
        this.byName = byName;
        this.schema = schema;
        this.dataSource = dataSource;
        this.mode = mode;
        this.scripts = List.copyOf(scripts);
    }

    /**
     * Does what the mode says.
     *
     * @throws SchemaOutdatedException if the mode is {@link SchemaMode#VALIDATE} and tables are missing or changed, or
     *     connections do not look into the schema that was named
     */
    public void apply() {
        switch (mode) {
            case MIGRATE -> migrate();
            case VALIDATE -> validate();
            case NONE -> {
                // by agreement somebody else's work
            }
        }
        if (schema != null) {
            checkThatConnectionsLookInto(schema);
        }
    }

    private static void refuse(String named, @Nullable String found, String path) {
        throw new SchemaOutdatedException(
                "saga.schema.name is %s, but %s: their search_path is %s. Set spring.datasource.hikari.schema=%s, or add ?currentSchema=public,%s to spring.datasource.url."
                        .formatted(
                                named,
                                found == null
                                        ? "connections find no saga_outbox there"
                                        : "connections find the saga_outbox of schema %s first".formatted(found),
                                path,
                                named,
                                named));
    }

    private void checkThatConnectionsLookInto(String named) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                    select current_setting('search_path'),
                           (select n.nspname from pg_catalog.pg_class c
                              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                             where c.oid = to_regclass('saga_outbox'))\
                    """)) {
            row.next();
            if (!named.equals(row.getString(2))) {
                refuse(named, row.getString(2), row.getString(1));
            }
        } catch (SQLException trouble) {
            throw new IllegalStateException("Where connections look for tables can't be read", trouble);
        }
    }

    private void migrate() {
        Flyway inOrder = flyway(false);
        // A service may add a module later whose scripts have smaller numbers. Only then, since Flyway warns of it.
        boolean late = Stream.of(inOrder.info().all()).anyMatch(script -> script.getState() == MigrationState.IGNORED);
        (late ? flyway(true) : inOrder).migrate();
    }

    private void validate() {
        ValidateResult result = flyway(true).validateWithResult();
        if (!result.validationSuccessful) {
            throw new SchemaOutdatedException(
                    "The tables of Amends are not as this version needs them: %s. Set saga.schema.mode=migrate, or run the script that SagaSchema.script prints with a role that may."
                            .formatted(
                                    result.invalidMigrations.isEmpty()
                                            ? "the schema history " + HISTORY_TABLE + " is missing or empty"
                                            : told(result.invalidMigrations)));
        }
    }

    private static String told(List<ValidateOutput> scripts) {
        String first = scripts.stream()
                .limit(MOST_TOLD)
                .map(script -> script.version + " " + script.description
                        + (script.errorDetails.errorCode == CoreErrorCode.RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED
                                ? " was not run"
                                : " (" + script.errorDetails.errorCode + ")"))
                .collect(Collectors.joining(", "));
        return scripts.size() <= MOST_TOLD ? first : first + ", and %d more".formatted(scripts.size() - MOST_TOLD);
    }

    private Flyway flyway(boolean outOfOrder) {
        FluentConfiguration configuration = Flyway.configure(SagaSchema.class.getClassLoader())
                .dataSource(dataSource)
                .table(HISTORY_TABLE)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .outOfOrder(outOfOrder)
                // What a function in a script returns is nothing for the log of the first start.
                .outputQueryResults(false)
                // A service may take a module away, and processes of an older version start while a newer one is rolled
                // out.
                .ignoreMigrationPatterns("*:missing", "*:future");
        if (byName) {
            configuration.resourceProvider(new NamedScripts(scripts)).javaMigrationClassProvider(List::of);
        } else {
            configuration.locations(scripts.stream()
                    .map(script -> "classpath:" + script.folder())
                    .toArray(String[]::new));
        }
        if (schema != null) {
            configuration.defaultSchema(schema).createSchemas(true);
        }
        return configuration.load();
    }

    /** The whole definition of the tables, for those who run it by hand. */
    public static String script(List<Scripts> scripts) {
        return scripts.stream()
                .flatMap(module -> module.files().stream().map(file -> module.folder() + "/" + file))
                .map(SagaSchema::read)
                .collect(Collectors.joining("\n"));
    }

    private static String read(String resource) {
        try (InputStream in = SagaSchema.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("The class path has no " + resource + ".");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException trouble) {
            throw new UncheckedIOException("The class path's " + resource + " can't be read", trouble);
        }
    }
}
