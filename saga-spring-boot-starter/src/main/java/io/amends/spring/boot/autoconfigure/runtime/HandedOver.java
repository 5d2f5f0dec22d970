package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.outbox.relay.Relay;
import io.amends.runtime.wire.Inbound;
import java.time.Duration;

/**
 * A topic whose messages the relay of this process hands over. The relay is started before and stopped after it.
 *
 * @param topic the topic
 * @param relay who hands over
 */
record HandedOver(String topic, Relay relay) implements Inbound {

    @Override
    public void start() {}

    @Override
    public void stop(Duration limit) {}

    @Override
    public boolean isWell() {
        return relay.isRunning();
    }
}
