package io.amends.outbox.relay;

import java.util.Map;
import javax.sql.DataSource;

/** A relay in one of its modes, for tests outside of this package. */
public final class RelayOfMode {

    private RelayOfMode() {}

    /**
     * Makes one.
     *
     * @param producer servers and client id
     * @param outbox the name that the relays of this outbox share
     */
    public static Relay make(
            DataSource dataSource,
            ReadMode reads,
            ProducerMode writes,
            Map<String, Object> producer,
            String outbox,
            RelaySettings settings,
            String owner) {
        Publishers publishers = Publishers.of(writes, producer, outbox);
        Publishers observers = Publishers.of(ProducerMode.IDEMPOTENT, producer, outbox);
        return new Relay(
                dataSource, reads.source(dataSource), publishers::forLane, () -> observers.forLane(0), settings, owner);
    }
}
