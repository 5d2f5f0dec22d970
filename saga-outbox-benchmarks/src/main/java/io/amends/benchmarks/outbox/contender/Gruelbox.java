package io.amends.benchmarks.outbox.contender;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.ExecutorSubmitter;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * gruelbox transaction-outbox: each scheduled task sends one record and waits for it, on an executor right after the
 * commit; a background thread flushes what was left. While it is stopped, tasks are lost before the executor, as by an
 * application that ends, and its clock is an hour late, so that all of them are due when it starts.
 */
final class Gruelbox implements Contender {

    private static final Duration LATE = Duration.ofHours(1);
    private static final int QUEUE = 16_384;

    private final HikariDataSource pool;
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final TransactionManager transactions;
    private final TransactionOutbox outbox;
    private final ThreadPoolExecutor senders;
    private volatile boolean running;
    private @Nullable Thread thread;

    /** What is scheduled. */
    public interface Sender {
        void send(String key, String text);
    }

    Gruelbox(Place place) {
        pool = Sql.pool(place, Sql.CONNECTIONS + PeerContext.SENDERS);
        producer = Sql.producer(place);
        topic = place.topic();
        senders = new ThreadPoolExecutor(
                PeerContext.SENDERS, PeerContext.SENDERS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(QUEUE));
        Submitter submitter = ExecutorSubmitter.builder()
                .executor(senders)
                .logLevelWorkQueueSaturation(Level.DEBUG)
                .build();
        transactions = TransactionManager.fromDataSource(pool);
        outbox = TransactionOutbox.builder()
                .transactionManager(transactions)
                .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
                .instantiator(Instantiator.using(type -> (Sender) this::send))
                .submitter((entry, work) -> {
                    if (running) {
                        submitter.submit(entry, work);
                    }
                })
                .attemptFrequency(Duration.ofSeconds(30))
                .flushBatchSize(4_096)
                .clockProvider(() -> running ? Clock.systemUTC() : Clock.offset(Clock.systemUTC(), LATE.negated()))
                .build();
    }

    private void send(String key, String text) {
        try {
            producer.send(new ProducerRecord<>(
                            topic, key.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.US_ASCII)))
                    .get();
        } catch (ExecutionException trouble) {
            throw new IllegalStateException("Kafka refused a record", trouble);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while sending", interrupted);
        }
    }

    @Override
    public void append(List<Message> messages) {
        transactions.inTransaction(() -> {
            for (Message message : messages) {
                outbox.schedule(Sender.class).send(message.key(), message.text());
            }
        });
    }

    @Override
    public void start() {
        running = true;
        Thread made = new Thread(this::run, "transaction-outbox-flush");
        thread = made;
        made.start();
    }

    private void run() {
        try {
            while (running) {
                // A flush puts what it finds off by the attempt frequency, so it does not find it twice.
                if (senders.getQueue().remainingCapacity() < QUEUE / 2 || !outbox.flush()) {
                    Thread.sleep(100);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        running = false;
        Thread flushing = thread;
        if (flushing != null) {
            try {
                flushing.join(10_000);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            thread = null;
        }
    }

    @Override
    public void close() {
        stop();
        senders.getQueue().clear();
        senders.shutdown();
        try {
            senders.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(5));
        pool.close();
    }
}
