/** Lets any Kafka consumer take each message once: recognises repeats, keeps out zombies, sets poison aside with its key. */
@NullMarked
package io.amends.outbox.inbox;

import org.jspecify.annotations.NullMarked;
