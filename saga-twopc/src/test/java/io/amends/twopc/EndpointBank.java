package io.amends.twopc;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A bank's service with a database of its own, whose account "ann" has 100. Its work adds what the body says. */
public final class EndpointBank implements AutoCloseable {

    public static final Duration LIMIT = Duration.ofSeconds(20);

    /** Its connections. */
    public static final int POOL = 10;

    private static final SagaSchema.Scripts SCRIPTS =
            new SagaSchema.Scripts(TwoPhaseEndpoint.SCRIPTS_FOLDER, TwoPhaseEndpoint.SCRIPTS);

    private final HikariDataSource pool = new HikariDataSource();
    private final AtomicInteger calls = new AtomicInteger();
    private final boolean shared;
    private TwoPhaseEndpoint endpoint;

    public EndpointBank() {
        this(EmbeddedPostgresServer.shared());
    }

    public EndpointBank(EmbeddedPostgresServer server) {
        shared = server == EmbeddedPostgresServer.shared();
        pool.setJdbcUrl(shared ? SpareDatabases.take() : server.freshDatabase());
        pool.setUsername(server.username());
        pool.setPassword(server.password());
        pool.setMaximumPoolSize(POOL);
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(2_000);
        new SagaSchema(pool, SchemaMode.MIGRATE, List.of(SCRIPTS)).apply();
        jdbc().execute("create table account (name text primary key, balance integer not null check (balance < 1000))");
        jdbc().execute("insert into account values ('ann', 100)");
        endpoint = with((connection, work) -> add(work));
    }

    /** An endpoint with other work on the same database. */
    public TwoPhaseEndpoint with(TwoPhaseWork work) {
        return with(work, TwoPhaseEndpointSettings.DEFAULT);
    }

    /** Likewise, with other settings. */
    public TwoPhaseEndpoint with(TwoPhaseWork work, TwoPhaseEndpointSettings settings) {
        return new TwoPhaseEndpoint(pool, work, settings);
    }

    /** On the connection of the branch, since that is bound to the data source meanwhile. */
    public void add(RemoteWork work) {
        calls.incrementAndGet();
        int amount = Integer.parseInt(new String(work.body(), StandardCharsets.UTF_8));
        if (jdbc().update(
                                "update account set balance = balance + ? where name = 'ann' and balance + ? >= 0",
                                amount,
                                amount)
                == 0) {
            throw new BranchRefusedException("insufficient funds");
        }
    }

    public TwoPhaseEndpoint endpoint() {
        return endpoint;
    }

    /** As if the service had been started again. */
    public void restart() {
        pool.getHikariPoolMXBean().softEvictConnections();
        endpoint = with((connection, work) -> add(work));
    }

    /** How often the work was called. */
    public int calls() {
        return calls.get();
    }

    public DataSource dataSource() {
        return pool;
    }

    public JdbcTemplate jdbc() {
        return new JdbcTemplate(pool);
    }

    public int balance() {
        return number("select balance from account where name = 'ann'");
    }

    /** Prepared transactions of this database. */
    public int prepared() {
        return number("select count(*) from pg_prepared_xacts where database = current_database()");
    }

    public int number(String sql) {
        Integer number = jdbc().queryForObject(sql, Integer.class);
        return number == null ? 0 : number;
    }

    public static RemoteWork amount(int amount) {
        return new RemoteWork(Integer.toString(amount).getBytes(StandardCharsets.UTF_8), "text/plain");
    }

    /** The name of a branch that nobody has had. */
    public static String newGid() {
        return new Gid("test", "one", new TransactionId(UUID.randomUUID()), "bank-b").text();
    }

    @Override
    public void close() {
        pool.close();
        if (shared) {
            SpareDatabases.giveBack(pool.getJdbcUrl());
        }
    }
}
