package io.amends.spring.boot.autoconfigure.transport;

import io.amends.outbox.relay.LocalReceivers;

/**
 * Who takes which messages of the outbox where there is no Kafka. Every bean of this type is asked once, before the relay
 * starts.
 */
@FunctionalInterface
public interface LocalRoutes {

    /** Adds its receivers. */
    void addTo(LocalReceivers receivers);
}
