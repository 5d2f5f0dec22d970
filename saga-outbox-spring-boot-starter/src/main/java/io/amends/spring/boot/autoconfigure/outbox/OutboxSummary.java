package io.amends.spring.boot.autoconfigure.outbox;

import io.amends.spring.boot.autoconfigure.StartupPhases;
import io.amends.spring.boot.autoconfigure.StartupTask;
import io.amends.spring.boot.autoconfigure.diagnostics.DatabaseAddress;
import io.amends.spring.boot.autoconfigure.transport.Transport;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in a line who publishes which outbox, once all of it runs. */
final class OutboxSummary extends StartupTask {

    private static final Logger log = LoggerFactory.getLogger("io.amends");

    private final DataSource dataSource;
    private final @Nullable RelayOwner owner;
    private final Transport transport;

    /** The owner is null where the relay is left to another process. */
    OutboxSummary(DataSource dataSource, @Nullable RelayOwner owner, Transport transport) {
        super(StartupPhases.SUMMARY);
        this.transport = transport;
        this.dataSource = dataSource;
        this.owner = owner;
    }

    @Override
    protected void run() {
        String database = database();
        if (owner == null) {
            log.info("The outbox of {} is left to another process (saga.relay.enabled=false)", database);
        } else {
            log.info(
                    "Relay {} publishes the outbox of {} {}",
                    owner.name(),
                    database,
                    transport == Transport.KAFKA
                            ? "to Kafka"
                            : "to the handlers of this application, without Kafka (saga.transport=postgresql)");
        }
    }

    private String database() {
        try (Connection connection = dataSource.getConnection()) {
            String url = connection.getMetaData().getURL();
            return DatabaseAddress.ofJdbcUrl(url).map(DatabaseAddress::text).orElse("the application's database");
        } catch (SQLException away) {
            // Naming the place is a courtesy; whoever needs the database reports that it is away.
            log.debug("The database's address is not known", away);
            return "the application's database";
        }
    }
}
