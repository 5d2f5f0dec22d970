package io.amends.outbox.property;

import java.util.UUID;

/**
 * A record on the topic.
 *
 * @param id the message's id
 * @param key the record's key
 * @param place partition and offset
 * @param sentAt when its producer took it, in milliseconds of this machine's clock
 */
record Arrival(UUID id, String key, String place, long sentAt) {}
