package io.amends.spring.boot.autoconfigure.outbox;

import io.amends.outbox.relay.ReadMode;
import io.amends.outbox.schema.SchemaMode;
import io.amends.spring.boot.autoconfigure.OutboxProperties;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.jdbc.metadata.CompositeDataSourcePoolMetadataProvider;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;

/**
 * Looks whether a pool has a connection beside those that the relay keeps as long as it runs, and enough for whoever looks
 * after the tables. Otherwise the start ends after the pool's own patience, in words that do not say who has them all.
 */
final class PoolCheck {

    /** Flyway works on one connection and notes what it did on another. */
    private static final int FOR_TABLES = 2;

    private PoolCheck() {}

    /**
     * Checks a pool whose size can be seen; others pass.
     *
     * @throws PoolTooSmallException if nothing could be done with it
     */
    static void check(
            DataSource dataSource,
            Collection<DataSourcePoolMetadataProvider> pools,
            OutboxProperties.Relay relay,
            SchemaMode tables) {
        DataSourcePoolMetadata pool =
                new CompositeDataSourcePoolMetadataProvider(pools).getDataSourcePoolMetadata(dataSource);
        Integer most = pool == null ? null : pool.getMax();
        // Before its first connection a pool that was not told its size has none yet, or says -1: its default will do.
        if (most == null || most <= 0) {
            return;
        }
        List<String> kept = kept(relay);
        if (most <= kept.size()) {
            throw new PoolTooSmallException(
                    most,
                    kept.size() + 1,
                    "the relay keeps %d (%s), and all else takes turns at the others"
                            .formatted(kept.size(), String.join(", ", kept)));
        }
        if (most < FOR_TABLES && tables != SchemaMode.NONE) {
            throw new PoolTooSmallException(
                    most, FOR_TABLES, "it looks after its tables with %d at once".formatted(FOR_TABLES));
        }
    }

    /** What the relay of this process keeps a connection for. */
    private static List<String> kept(OutboxProperties.Relay relay) {
        List<String> kept = new ArrayList<>();
        if (relay.enabled()) {
            kept.add("for its lease");
            if (relay.wakeOthers()) {
                kept.add("for LISTEN");
            }
            if (relay.readMode() == ReadMode.SNAPSHOT_DELTA) {
                kept.add("for reading");
            }
        }
        return kept;
    }
}
