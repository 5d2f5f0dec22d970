/** Publishes what the outbox holds to Kafka: at least once, in order per key. */
@NullMarked
package io.amends.outbox.relay;

import org.jspecify.annotations.NullMarked;
