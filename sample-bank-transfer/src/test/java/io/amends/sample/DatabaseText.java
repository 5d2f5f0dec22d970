package io.amends.sample;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The rows of a database as SQL text, without its tables and without what Flyway noted. */
final class DatabaseText {

    private static final String TABLES = """
            select c.oid::regclass::text from pg_class c
             where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
               and c.relname not in ('saga_schema_history', 'flyway_schema_history')
             order by 1""";

    private DatabaseText() {}

    /** Statements that write all rows into tables that are empty. */
    static String of(Connection connection) throws SQLException {
        StringBuilder text = new StringBuilder("set session_replication_role = replica;\n");
        for (String table : texts(connection, TABLES)) {
            List<String> columns = texts(connection, """
                    select quote_ident(attname) from pg_attribute
                     where attrelid = '%s'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
                     order by attnum""".formatted(table));
            String values = String.join("::text), quote_nullable(", columns);
            for (String row : texts(
                    connection, "select concat_ws(', ', quote_nullable(%s::text)) from %s".formatted(values, table))) {
                text.append("insert into %s (%s) overriding system value values (%s);%n"
                        .formatted(table, String.join(", ", columns), row));
            }
        }
        texts(connection, """
                select format('select setval(%L, %s, true);', schemaname || '.' || sequencename, last_value)
                  from pg_sequences where last_value is not null order by 1""").forEach(line -> text.append(line).append('\n'));
        text.append("create temporary table written as select '")
                .append(texts(connection, "select clock_timestamp()::text").get(0))
                .append("'::timestamptz as at;\n");
        return text.append("set session_replication_role = origin;\n").toString();
    }

    /** Empties all tables, whatever triggers say. */
    static String empty(Connection connection) throws SQLException {
        return "set session_replication_role = replica; truncate %s cascade; set session_replication_role = origin"
                .formatted(String.join(", ", texts(connection, TABLES)));
    }

    /** On the connection that the rows were written with: all times move by what has passed since they were read. */
    static String bringForward(Connection connection) throws SQLException {
        List<String> updates = texts(connection, """
                select format('update %s set %s', a.attrelid::regclass,
                              string_agg(format('%1$I = %1$I + (select clock_timestamp() - at from written)', a.attname), ', '))
                  from pg_attribute a join pg_class c on c.oid = a.attrelid
                 where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                   and c.relname not in ('saga_schema_history', 'flyway_schema_history')
                   and a.attnum > 0 and not a.attisdropped and a.atttypid = 'timestamptz'::regtype
                 group by a.attrelid""");
        return "set session_replication_role = replica; %s; set session_replication_role = origin"
                .formatted(String.join("; ", updates));
    }

    static List<String> texts(Connection connection, String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}
