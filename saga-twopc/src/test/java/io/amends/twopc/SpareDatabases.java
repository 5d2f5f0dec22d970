package io.amends.twopc;

import io.amends.test.postgres.EmbeddedPostgresServer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Empty databases on the server that all tests share, which use them one after another: to write new ones to disk takes the
 * server longer than most tests, and half a minute when it stops.
 */
public final class SpareDatabases {

    private static final Queue<String> SPARE = new ConcurrentLinkedQueue<>();

    private SpareDatabases() {}

    /** The JDBC address of one that nobody uses. */
    public static String take() {
        String spare = SPARE.poll();
        return spare == null ? EmbeddedPostgresServer.shared().freshDatabase() : spare;
    }

    /** Empties it for the next. */
    public static void giveBack(String url) {
        clean(url, "drop schema public cascade; create schema public; grant usage on schema public to public");
        SPARE.add(url);
    }

    /** Ends all sessions and prepared transactions of a database, then runs that. */
    static void clean(String url, String sql) {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        SingleConnectionDataSource alone =
                new SingleConnectionDataSource(url, server.username(), server.password(), true);
        try {
            JdbcTemplate jdbc = new JdbcTemplate(alone);
            jdbc.queryForList(
                    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
            jdbc.queryForList("select gid from pg_prepared_xacts where database = current_database()", String.class)
                    .forEach(gid -> jdbc.execute("rollback prepared '" + gid + "'"));
            jdbc.execute(sql);
        } finally {
            alone.destroy();
        }
    }
}
