package io.amends.outbox.relay;

import io.amends.outbox.failure.Infrastructure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands a lane's rows to the receivers of this process, a topic's rows of a chunk together, on the lane's own thread. No
 * transaction of the relay's is open meanwhile. What a receiver has taken counts as published; a receiver that has begun is
 * waited for, however long it takes, since nobody can tell what it has done.
 */
final class LocalPublisher implements Publisher {

    /** Nobody in this process takes the topic's records. */
    static final String NO_RECEIVER = "NO_RECEIVER";

    /** What takes the topic's records lacks something, again and again. */
    static final String RECEIVER_AWAY = "RECEIVER_AWAY";

    private final LocalReceivers receivers;
    private final AwayTopics away;

    /** How often a receiver threw upon a message that has neither been taken nor parked since. */
    private final Map<Long, Integer> attempts = new HashMap<>();

    private @Nullable List<OutboxRow> underWay;
    private boolean open;

    /** @param away shared with the other lanes */
    LocalPublisher(LocalReceivers receivers, AwayTopics away) {
        this.receivers = receivers;
        this.away = away;
    }

    @Override
    public void open() {
        open = true;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void send(List<OutboxRow> rows, Runnable whenKnown) {
        if (!open || underWay != null) {
            throw new IllegalStateException(
                    open
                            ? "The chunk before was sent and not awaited. Call await() after each send()."
                            : "The publisher is closed. Call open() first, after a failure again.");
        }
        underWay = rows;
    }

    /** The receivers are called by {@link #await}, so that nothing goes on meanwhile. */
    @Override
    public boolean isUnderWay() {
        return false;
    }

    @Override
    public Sent await(Duration limit, BooleanSupplier mayWait) {
        List<OutboxRow> rows = underWay;
        if (rows == null) {
            throw new IllegalStateException("There is nothing to await. Call send() before await().");
        }
        underWay = null;
        LocalHandOver handOver = new LocalHandOver(receivers, attempts, away, mayWait);
        handOver.run(rows);
        Failure failure = handOver.failure();
        if (failure != null && failure.cause() instanceof UnreceivableException) {
            // It is parked now; the others that are given up have their turn next.
            attempts.remove(failure.row().position());
        }
        return new Sent(handOver.taken(), failure);
    }

    @Override
    public Optional<Obstacle> obstacle(String topic) {
        if (receivers.of(topic).isEmpty()) {
            return Optional.of(new Obstacle(
                    NO_RECEIVER,
                    "Without Kafka messages reach this application only, and nothing in it takes those of topic %s."
                            .formatted(topic)));
        }
        return away.isGivenUp(topic)
                ? Optional.of(new Obstacle(
                        RECEIVER_AWAY, "What takes the messages of topic %s lacks something.".formatted(topic)))
                : Optional.empty();
    }

    @Override
    public Optional<String> reasonCode(Throwable thrown) {
        return thrown instanceof UnreceivableException unreceivable
                ? Optional.of(unreceivable.reasonCode())
                : Optional.empty();
    }

    @Override
    public boolean foresees(Throwable thrown) {
        return thrown instanceof UnreceivableException || Infrastructure.isAway(thrown);
    }

    /** What is not noted is handed over again after a crash, and recognised: cheaper than a note for each chunk. */
    @Override
    public boolean isAtomic() {
        return false;
    }

    @Override
    public void close() {
        open = false;
        underWay = null;
    }
}
