package io.amends.dashboard.alerts;

import io.amends.dashboard.stuck.StuckReason;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message was set aside because nobody could take it, and waits for an operator. Says nothing of what is in it.
 *
 * @param id grows with each alert of a database; the same however often it is told
 * @param table where it lies: {@code saga_inbox_quarantine}, {@code saga_inbox_parked} or {@code saga_parked}
 * @param place which one: {@code saga.money-transfer.replies-3@42} in quarantine; with its consumer's name before it where a
 *     listener threw; {@code outbox 4711} by its position in the outbox
 * @param sagaId the saga that its key names, null if it names none; the saga may be elsewhere
 * @param reason {@link StuckReason#LATE_MESSAGE}, {@link StuckReason#QUARANTINED_MESSAGE}, or {@link StuckReason#OUTBOX_BLOCKED}
 *     of one that Kafka refused
 * @param code what is wrong with it, as a stable code such as {@code MALFORMED_PAYLOAD}
 * @param since since when it lies there, by the database's clock
 * @param noticedAt when it was noticed, by the database's clock
 */
public record MessageSetAside(
        long id,
        String table,
        String place,
        @Nullable UUID sagaId,
        StuckReason reason,
        String code,
        Instant since,
        Instant noticedAt)
        implements Alert {}
