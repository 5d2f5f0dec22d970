package io.amends.outbox.relay;

import io.amends.outbox.relay.ParkingLot.Refusal;
import io.amends.outbox.relay.Publisher.Failure;
import io.amends.outbox.relay.Publisher.Obstacle;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a lane's records that Kafka will never take: they are parked, and so is what comes after them in their
 * keys. For the lane's own thread.
 */
final class Refusals {

    private static final Logger log = LoggerFactory.getLogger(Refusals.class);
    private static final int MAX_REASON = 1000;

    private final Lease lease;
    private final ParkingLot lot;
    private final Publisher publisher;
    private final Topics topics;
    private final RelayCounts counts;

    /** Only rows before this position are sent the next time, if there are any. */
    private long sendBefore = Long.MAX_VALUE;

    Refusals(Lease lease, ParkingLot lot, Publisher publisher, Topics topics, RelayCounts counts) {
        this.lease = lease;
        this.lot = lot;
        this.publisher = publisher;
        this.topics = topics;
        this.counts = counts;
    }

    /**
     * The rows of a batch that may be sent now. Followers of parked keys, and records of topics that can't be written, are
     * parked.
     *
     * @param parked gets their positions
     * @throws PassingObstacleException if a topic can't be written for now
     */
    List<OutboxRow> sendable(Batch batch, Set<Long> parked) throws SQLException {
        if (!batch.followers().isEmpty()) {
            parked.addAll(lot.follow(lease, batch.followers()));
            counts.parked.add(parked.size());
        }
        return limited(writable(batch, parked));
    }

    private List<OutboxRow> writable(Batch batch, Set<Long> parked) throws SQLException {
        List<OutboxRow> rows = new ArrayList<>(batch.rows().size());
        List<Refusal> refusals = new ArrayList<>();
        for (OutboxRow row : batch.rows()) {
            Optional<Obstacle> obstacle = topics.obstacle(row.topic(), publisher::obstacle);
            if (obstacle.isEmpty()) {
                rows.add(row);
                continue;
            }
            String code = obstacle.get().reasonCode();
            if (code == null) {
                throw new PassingObstacleException(row.topic(), obstacle.get().reason());
            }
            refusals.add(new Refusal(row.position(), code, reason(obstacle.get().reason())));
        }
        if (!refusals.isEmpty()) {
            lot.park(lease, refusals);
            counts.parked.add(refusals.size());
            refusals.forEach(refusal -> parked.add(refusal.position()));
        }
        return rows;
    }

    private List<OutboxRow> limited(List<OutboxRow> rows) {
        long end = sendBefore;
        sendBefore = Long.MAX_VALUE;
        List<OutboxRow> before =
                rows.stream().filter(row -> row.position() < end).toList();
        return before.isEmpty() ? rows : before;
    }

    /**
     * Kafka has refused one of these rows for good. It is parked, unless something of its key comes before it, which is sent
     * alone first: were the key parked now, that would be put behind it.
     *
     * @param parked gets its position
     */
    void met(Failure failure, String reasonCode, List<OutboxRow> rows, Set<Long> acknowledged, Set<Long> parked)
            throws SQLException {
        OutboxRow row = failure.row();
        if (!isFirstOfKey(row, rows, acknowledged)) {
            sendBefore = row.position();
            return;
        }
        String reason = reason(String.valueOf(failure.cause().getMessage()));
        lot.park(lease, List.of(new Refusal(row.position(), reasonCode, reason)));
        counts.parked.increment();
        if (ParkingLot.OF_TOPICS.contains(reasonCode)) {
            topics.close(row.topic(), new Obstacle(reasonCode, reason));
        }
        log.error(
                "Parked position {} of topic {}: {}. The later records of its key wait; see saga_parked",
                row.position(),
                row.topic(),
                reasonCode);
        parked.add(row.position());
    }

    /** Whether all that comes before it in its key is published; in a transaction that failed, nothing is. */
    private static boolean isFirstOfKey(OutboxRow refused, List<OutboxRow> rows, Set<Long> acknowledged) {
        return rows.stream()
                .noneMatch(row -> row.position() < refused.position()
                        && row.key().equals(refused.key())
                        && row.topic().equals(refused.topic())
                        && !acknowledged.contains(row.position()));
    }

    private static String reason(String text) {
        String clean = text.replace("\0", "");
        return clean.substring(0, Math.min(MAX_REASON, clean.length()));
    }
}
