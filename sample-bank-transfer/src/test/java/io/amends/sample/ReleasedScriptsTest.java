package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.test.postgres.EmbeddedPostgresServer;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What was released stays as it is, and processes of a released version go on working on the present version's tables, as
 * they do while a new version is rolled out.
 */
class ReleasedScriptsTest {

    static List<Release> releases() {
        return Release.all();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void scripts_are_only_added(Release release) {
        Release.MODULES.forEach((module, present) -> {
            if (Files.isDirectory(release.scripts(module))) {
                assertThat(Release.files(present)).containsAllEntriesOf(Release.files(release.scripts(module)));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("releases")
    void nothing_that_a_release_reads_or_writes_is_dropped_renamed_or_tightened(Release release) throws SQLException {
        assertThat(broken(release, "")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void every_statement_of_a_release_is_understood_by_the_present_tables(Release release) throws SQLException {
        assertThat(release.statements()).hasSizeGreaterThan(50);
        assertThat(notUnderstood(release, "")).isEmpty();
    }

    /** The broken variants of both, so that a check that notices nothing is noticed. */
    @ParameterizedTest
    @MethodSource("releases")
    void what_would_break_a_release_is_noticed(Release release) throws SQLException {
        assertThat(broken(release, """
                alter table saga_instance rename column data to body;
                alter table saga_step alter column participant set not null;
                alter table saga_step alter column attempts type bigint;
                alter table saga_history add column needed text not null;
                alter table saga_parked add check (octet_length(payload) < 10);
                create unique index on saga_inbox_redelivery (topic);
                drop function saga_outbox_waiting(integer);
                drop table saga_flow_setting;
                alter table saga_relay alter column since drop default"""))
                .anySatisfy(line -> assertThat(line).startsWith("is gone: column saga_instance.data "))
                .anySatisfy(line -> assertThat(line).startsWith("is new and strict: saga_step.participant is required"))
                .anySatisfy(line -> assertThat(line).startsWith("is gone: column saga_step.attempts integer"))
                .anySatisfy(line -> assertThat(line).startsWith("is new and strict: saga_history.needed is required"))
                .anySatisfy(line -> assertThat(line).startsWith("is new and strict: saga_parked CHECK"))
                .anySatisfy(line -> assertThat(line).startsWith("is new and strict: saga_inbox_redelivery unique"))
                .anySatisfy(line -> assertThat(line).startsWith("is gone: function saga_outbox_waiting("))
                .anySatisfy(line -> assertThat(line).startsWith("is gone: column saga_flow_setting.value "))
                .anySatisfy(line -> assertThat(line).startsWith("is new and strict: saga_relay.since is required"));
        assertThat(notUnderstood(release, "alter table saga_instance rename column data to body"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("data"));
    }

    /** What differs between the tables of both versions so that the older one can't go on. */
    private static List<String> broken(Release release, String more) throws SQLException {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        String older = postgres.freshDatabase();
        release.migrate(older);
        String newer = postgres.freshDatabase();
        Release.migrateToPresent(newer);
        List<String> broken = new ArrayList<>();
        try (Connection before = Release.dataSource(older).getConnection();
                Connection after = Release.dataSource(newer).getConnection();
                Statement statement = after.createStatement()) {
            statement.execute(more);
            List<String> there = DatabaseText.texts(after, THERE);
            DatabaseText.texts(before, THERE).stream()
                    .filter(line -> !there.contains(line))
                    .forEach(line -> broken.add("is gone: " + line));
            Set<String> columns = Set.copyOf(DatabaseText.texts(before, COLUMNS));
            List<String> strict = DatabaseText.texts(before, STRICT);
            DatabaseText.texts(after, STRICT).stream()
                    .filter(line -> !strict.contains(line))
                    .map(line -> line.split(" \\| ", 2))
                    // What concerns new columns alone is content with their being null.
                    .filter(line -> Stream.of(line[0].split(" ", -1)).anyMatch(columns::contains))
                    .forEach(line -> broken.add("is new and strict: " + line[1]));
        }
        return broken;
    }

    /** What statements can name. */
    private static final String THERE = """
            select format('column %s.%s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod))
              from pg_attribute a join pg_class c on c.oid = a.attrelid
             where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition
               and a.attnum > 0 and not a.attisdropped
            union all
            select format('function %s(%s) %s', proname, pg_get_function_arguments(oid), pg_get_function_result(oid))
              from pg_proc where pronamespace = current_schema()::regnamespace""";

    private static final String COLUMNS = """
            select c.relname || '.' || a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
             where c.relnamespace = current_schema()::regnamespace
            union all
            select relname || '.' from pg_class where relnamespace = current_schema()::regnamespace""";

    /** What can refuse a row, behind the columns that it is about: values that must be given, constraints, unique indexes, triggers. */
    private static final String STRICT = """
            with relation as (
              select oid, relname from pg_class
               where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition)
            select format('%1$s. | %1$s.%2$s is required', r.relname, a.attname)
              from pg_attribute a join relation r on r.oid = a.attrelid
             where a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef and a.attidentity = ''
            union all
            select format('%s | %s %s',
                          (select string_agg(r.relname || '.' || attname, ' ') from pg_attribute
                            where attrelid = r.oid and attnum = any (k.conkey)), r.relname, pg_get_constraintdef(k.oid))
              from pg_constraint k join relation r on r.oid = k.conrelid
             where k.contype in ('c', 'f', 'x')
            union all
            select format('%s | %s unique %s',
                          (select string_agg(r.relname || '.' || attname, ' ') from pg_attribute
                            where attrelid = r.oid and attnum = any (i.indkey::int2[])),
                          r.relname, regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', ''))
              from pg_index i join relation r on r.oid = i.indrelid
             where i.indisunique
            union all
            select format('%1$s. | %1$s %2$s', r.relname, pg_get_triggerdef(t.oid))
              from pg_trigger t join relation r on r.oid = t.tgrelid
             where not t.tgisinternal""";

    private static List<String> notUnderstood(Release release, String more) throws SQLException {
        String newer = EmbeddedPostgresServer.shared().freshDatabase();
        Release.migrateToPresent(newer);
        List<String> refused = new ArrayList<>();
        try (Connection connection = Release.dataSource(newer).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(more);
            for (String sql : release.statements()) {
                try {
                    statement.execute("prepare one as " + sql);
                    statement.execute("deallocate one");
                } catch (SQLException refusal) {
                    refused.add(refusal.getMessage() + " in " + sql);
                }
            }
        }
        return refused;
    }
}
