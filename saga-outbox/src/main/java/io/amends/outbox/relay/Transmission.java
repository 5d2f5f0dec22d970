package io.amends.outbox.relay;

import io.amends.outbox.relay.Publisher.Failure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** One chunk on its way through one producer. Used by one thread. */
final class Transmission {

    /** A client whose memory is full lets every record wait; after this long the rest waits for {@link #complete}. */
    private static final long FEEDING = Duration.ofMillis(200).toNanos();

    private final OpenProducer producer;
    private final List<OutboxRow> rows;
    private final NarrowTopics narrow;
    private final Runnable onFailure;
    private final Chunk chunk;
    private final double splitsBefore;
    private final Map<String, Integer> lastOfNarrow = new HashMap<>();
    private int begun;

    /**
     * @param onFailure run by the client's thread at the first failure that it tells, before it sends anything more
     * @param whenKnown as {@link Publisher#send} has it
     */
    Transmission(
            OpenProducer producer, List<OutboxRow> rows, NarrowTopics narrow, Runnable onFailure, Runnable whenKnown) {
        this.producer = producer;
        this.rows = rows;
        this.narrow = narrow;
        this.onFailure = onFailure;
        this.chunk = new Chunk(rows, whenKnown);
        this.splitsBefore = producer.splits();
    }

    /** Gives the rows to the client, as far as none of them has to wait for another and for a moment only. */
    void begin() {
        long until = System.nanoTime() + FEEDING;
        while (isFeeding() && previousOfNarrow(begun) == null && System.nanoTime() - until < 0) {
            sendNext();
        }
    }

    /** Gives the client what is left, and waits for all acknowledgements, the first failure, or the end of patience. */
    void complete(Patience patience) throws InterruptedException {
        while (isFeeding()) {
            Integer previous = previousOfNarrow(begun);
            boolean mayGoOn = previous == null || chunk.awaitAcknowledged(previous, patience);
            if (!mayGoOn || chunk.isGivenUp(patience)) {
                break;
            }
            sendNext();
        }
        // A client that is told that a batch is too large cuts it, but never below the size of its largest record. If
        // that record is too large for the topic and has small ones beside it, the client cuts and sends for ever. Each
        // cut that is not in vain makes one batch more, but for the first of each batch; so more cuts than this are in
        // vain.
        chunk.awaitEnd(patience, () -> producer.splits() - splitsBefore > 2.0 * rows.size());
        if (chunk.failure() == null && !chunk.isAcknowledged()) {
            chunk.drop();
            narrow.add(chunk.unacknowledgedTopics());
        }
    }

    boolean isUnderWay() {
        return begun == rows.size() && !chunk.isKnown();
    }

    private boolean isFeeding() {
        return begun < rows.size() && chunk.failure() == null;
    }

    /** Which row must be acknowledged before that one is sent. */
    private @Nullable Integer previousOfNarrow(int index) {
        String topic = rows.get(index).topic();
        return narrow.contains(topic) ? lastOfNarrow.get(topic) : null;
    }

    private void sendNext() {
        int index = begun++;
        OutboxRow row = rows.get(index);
        if (narrow.contains(row.topic())) {
            lastOfNarrow.put(row.topic(), index);
        }
        try {
            producer.send(row, (metadata, thrown) -> {
                if (thrown == null) {
                    chunk.acknowledge(index);
                } else if (chunk.fail(row, thrown)) {
                    onFailure.run();
                }
            });
        } catch (SerializationException damaged) {
            chunk.fail(row, damaged);
        } catch (RuntimeException thrown) {
            chunk.stop(row, thrown);
        }
    }

    OutboxRow first() {
        return rows.get(0);
    }

    boolean isAcknowledged() {
        return chunk.isAcknowledged();
    }

    /** The positions that may be noted as published, if each record counts for itself. */
    List<Long> acknowledged() {
        return chunk.acknowledged();
    }

    @Nullable
    Failure failure() {
        return chunk.failure();
    }
}
