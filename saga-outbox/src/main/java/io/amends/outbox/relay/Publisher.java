package io.amends.outbox.relay;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends a lane's rows to Kafka or hands them over in this process, one chunk at a time, and says what was acknowledged: {@link #open}, then {@link #send} and
 * {@link #await} by turns. Whatever it says, no record of a key becomes visible before an earlier one, repeats apart. Used
 * by one thread.
 */
interface Publisher {

    /** A record that failed, and why. */
    record Failure(OutboxRow row, Exception cause) {}

    /**
     * What became of a chunk.
     *
     * @param acknowledged positions that may be noted as published
     * @param failure the failure to act on, null if there was none. Without one, rows that were not acknowledged are to be
     *     sent again at once
     */
    record Sent(List<Long> acknowledged, @Nullable Failure failure) {}

    /**
     * Why a topic can't be written now.
     *
     * @param reasonCode the code for parking its records, null if what stands in the way passes by itself
     * @param reason in words
     */
    record Obstacle(@Nullable String reasonCode, String reason) {}

    /**
     * Makes it ready; does nothing if it is. What another process has sent under the lane's name and not finished is ended
     * by this, and can't be finished any more. So call it only as the lane's owner, and confirm the lease in the
     * database afterwards, before rows are read: an owner that slept has otherwise the last word on Kafka. Blocks for a
     * second at most.
     *
     * @throws RuntimeException if Kafka does not answer; may be called again
     * @throws FencedException if another process did the same at the same time
     */
    void open();

    /** Whether the last {@link #open} still holds: a failure may close it. */
    boolean isOpen();

    /**
     * Begins to send the rows. Blocks for a second at most; what the client did not take in that time is sent by
     * {@link #await}. A chunk before must have been awaited.
     *
     * @param whenKnown called by another thread as soon as all rows are acknowledged or one has failed; must be quick
     * @throws IllegalStateException if it is not open, or the chunk before was not awaited
     */
    void send(List<OutboxRow> rows, Runnable whenKnown);

    /** Whether nothing is left to do for the chunk but to wait for Kafka: {@link #send}'s Runnable is called then. */
    boolean isUnderWay();

    /**
     * Waits until it is known what became of the rows of {@link #send}, while it may and no longer than the limit (and two
     * seconds for tidying up). Nothing of the chunk is on its way any more when it returns. Rows that have neither failed
     * nor been acknowledged are to be sent again.
     *
     * @param limit from now on
     * @param mayWait asked now and then; false ends waiting
     * @throws FencedException if another process has opened this lane's publisher, or Kafka took so long that it ended the
     *     transaction itself. Nothing is acknowledged; the caller confirms its lease before it opens it again
     */
    Sent await(Duration limit, BooleanSupplier mayWait) throws InterruptedException;

    /**
     * Why that topic can't be written, empty if it can or if sending tells so of each record. Blocks for a second at most.
     *
     * @throws RuntimeException if Kafka does not answer
     */
    Optional<Obstacle> obstacle(String topic);

    /** The stable code for parking a record that failed so, empty for what may pass. */
    Optional<String> reasonCode(Throwable thrown);

    /** Whether that is trouble of the kind that comes and passes, such as a server that is away. */
    boolean foresees(Throwable thrown);

    /**
     * Whether a chunk is published as a whole. Then progress is worth noting after each chunk: what is not noted when the
     * process dies is repeated.
     */
    boolean isAtomic();

    /** Drops what is under way without waiting for it. It can be opened again. */
    void close();
}
