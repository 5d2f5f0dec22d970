package io.amends.outbox.property;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.AppendListener;
import io.amends.outbox.relay.ProducerMode;
import io.amends.outbox.relay.ReadMode;
import io.amends.outbox.relay.Relay;
import io.amends.outbox.relay.RelayOfMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.Map;

/** A relay in the writers' process, which hears of their commits, beside those that are processes of their own. */
final class RelayHere implements AutoCloseable {

    private static final String NAME = "relay-here";

    private final PropertyRun run;
    private final HikariDataSource pool = new HikariDataSource();
    private final Relay relay;

    RelayHere(PropertyRun run, EmbeddedPostgresServer server, String brokers, ReadMode reads, ProducerMode writes) {
        this.run = run;
        pool.setJdbcUrl(run.jdbcUrl() + "?socketTimeout=5&ApplicationName=" + NAME);
        pool.setUsername(server.username());
        pool.setPassword(server.password());
        pool.setMaximumPoolSize(4);
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(2_000);
        relay = RelayOfMode.make(
                pool,
                reads,
                writes,
                Map.of("bootstrap.servers", brokers, "client.id", NAME),
                run.jdbcUrl().substring(run.jdbcUrl().lastIndexOf('/') + 1),
                RelayProcess.settings(100),
                NAME);
        relay.start();
        run.told.tell(relay);
    }

    @Override
    public void close() {
        end();
        pool.close();
    }

    /** Properly. */
    void end() {
        run.told.tell(AppendListener.NONE);
        relay.stop(Duration.ofSeconds(2));
    }
}
