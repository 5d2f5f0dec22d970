package io.amends.spring.boot.autoconfigure.outbox;

import io.amends.outbox.relay.ReadMode;
import io.amends.spring.boot.autoconfigure.OutboxProperties;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.jdbc.metadata.CompositeDataSourcePoolMetadataProvider;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;

/**
 * Looks whether a pool has a connection beside those that the relay keeps as long as it runs. Without one the start ends
 * after the pool's own patience, in words that do not say who has them all.
 */
final class PoolCheck {

    private PoolCheck() {}

    /**
     * Checks a pool whose size can be seen; others pass.
     *
     * @throws PoolTooSmallException if nothing could be done with it
     */
    static void check(
            DataSource dataSource, Collection<DataSourcePoolMetadataProvider> pools, OutboxProperties.Relay relay) {
        List<String> kept = kept(relay);
        DataSourcePoolMetadata pool =
                new CompositeDataSourcePoolMetadataProvider(pools).getDataSourcePoolMetadata(dataSource);
        Integer most = pool == null ? null : pool.getMax();
        // Before its first connection a pool that was not told its size has none yet, or says -1: its default will do.
        if (most != null && most > 0 && most <= kept.size()) {
            throw new PoolTooSmallException(most, kept.size(), String.join(", ", kept));
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
