package io.amends.outbox.relay;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Each chunk is a Kafka transaction: all of it is published, or nothing. Opening it ends the transaction of the lane's former
 * owner and fences its producer, since both have the same transactional id.
 */
final class TransactionalPublisher implements Publisher {

    /** Shorter than {@code transaction.timeout.ms}: a slow chunk is given up here, before Kafka takes this for dead. */
    private static final Duration LONGEST_CHUNK = Duration.ofSeconds(10);

    private static final Duration LONGEST_ABORT = Duration.ofSeconds(2);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final String transactionalId;
    private final NarrowTopics narrow = new NarrowTopics();
    private @Nullable OpenProducer producer;
    private boolean initialised;
    private long begunAt;

    /**
     * @param producers opens producers with {@link RelayProducer#transactional} and always the same id
     * @param transactionalId that id, for what is said
     */
    TransactionalPublisher(Supplier<Producer<byte[], byte[]>> producers, String transactionalId) {
        this.producers = producers;
        this.transactionalId = transactionalId;
    }

    @Override
    public void open() {
        if (initialised) {
            return;
        }
        if (producer == null) {
            producer = new OpenProducer(producers.get());
        }
        try {
            producer.kafka().initTransactions();
            initialised = true;
        } catch (TimeoutException slow) {
            // Kafka goes on with it meanwhile, and so does the next call.
            throw slow;
        } catch (ProducerFencedException | InvalidProducerEpochException fenced) {
            throw fenced(fenced);
        } catch (KafkaException trouble) {
            close();
            throw trouble;
        }
    }

    @Override
    public boolean isOpen() {
        return initialised;
    }

    @Override
    public void send(List<OutboxRow> rows, Runnable whenKnown) {
        OpenProducer open = opened();
        Transmission next = open.next(rows, narrow, () -> {}, whenKnown);
        try {
            open.kafka().beginTransaction();
        } catch (ProducerFencedException | InvalidProducerEpochException fenced) {
            throw fenced(fenced);
        } catch (KafkaException trouble) {
            close();
            throw trouble;
        }
        begunAt = System.nanoTime();
        next.begin();
    }

    @Override
    public boolean isUnderWay() {
        return opened().isUnderWay();
    }

    @Override
    public Sent await(Duration limit, BooleanSupplier mayWait) throws InterruptedException {
        long deadline = Math.min(System.nanoTime() - begunAt + limit.toNanos(), LONGEST_CHUNK.toNanos());
        Patience patience = new Patience(begunAt + deadline, mayWait);
        Transmission begun = opened().complete(patience);
        Exception uncommitted = begun.isAcknowledged() ? commit(patience) : null;
        if (begun.isAcknowledged() && uncommitted == null) {
            return new Sent(begun.acknowledged(), null);
        }
        if (uncommitted != null) {
            // Kafka may have committed it all the same; opening it again finds out, or ends the transaction.
            close();
            return new Sent(List.of(), new Failure(begun.first(), uncommitted));
        }
        if (begun.failure() == null) {
            // The client still cuts batches in vain, and would do so until the transaction is over.
            close();
        } else {
            abort();
        }
        return new Sent(List.of(), begun.failure());
    }

    /** Null if it is committed. */
    private @Nullable Exception commit(Patience patience) throws InterruptedException {
        while (true) {
            try {
                opened().kafka().commitTransaction();
                return null;
            } catch (TimeoutException slow) {
                if (patience.isOver()) {
                    return slow;
                }
            } catch (ProducerFencedException | InvalidProducerEpochException fenced) {
                throw fenced(fenced);
            } catch (InterruptException interrupted) {
                throw interrupted(interrupted);
            } catch (KafkaException trouble) {
                return trouble;
            }
        }
    }

    /** Ends the transaction in vain; where that does not work out, the next opening does it. All callbacks are over then. */
    private void abort() throws InterruptedException {
        Patience patience = Patience.of(LONGEST_ABORT, () -> true);
        while (true) {
            try {
                opened().kafka().abortTransaction();
                return;
            } catch (TimeoutException slow) {
                if (patience.isOver()) {
                    close();
                    return;
                }
            } catch (ProducerFencedException | InvalidProducerEpochException fenced) {
                throw fenced(fenced);
            } catch (InterruptException interrupted) {
                throw interrupted(interrupted);
            } catch (KafkaException trouble) {
                close();
                return;
            }
        }
    }

    private FencedException fenced(KafkaException cause) {
        close();
        return new FencedException(
                "Another process has opened the producer %s, or Kafka waited too long for this one"
                        .formatted(transactionalId),
                cause);
    }

    private InterruptedException interrupted(InterruptException cause) {
        // The client has set the flag again; the exception takes its place.
        Thread.interrupted();
        close();
        InterruptedException thrown = new InterruptedException("Interrupted while Kafka ended a transaction");
        thrown.initCause(cause);
        return thrown;
    }

    @Override
    public Optional<Obstacle> obstacle(String topic) {
        return opened().obstacle(topic);
    }

    @Override
    public Optional<String> reasonCode(Throwable thrown) {
        return PermanentFailures.reasonCode(thrown);
    }

    @Override
    public boolean foresees(Throwable thrown) {
        return PermanentFailures.passes(thrown);
    }

    @Override
    public boolean isAtomic() {
        return true;
    }

    private OpenProducer opened() {
        if (producer == null || !initialised) {
            throw new IllegalStateException("The publisher is closed. Call open() first, after a failure again.");
        }
        return producer;
    }

    @Override
    public void close() {
        OpenProducer open = producer;
        producer = null;
        initialised = false;
        if (open != null) {
            open.closeAtOnce();
        }
    }
}
