package io.amends.benchmarks.outbox.contender;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The yardstick: the loop that a good programmer writes in a day. Deletes up to 1,000 rows with SKIP LOCKED, sends them
 * with an idempotent producer, and commits after the acknowledgements. It keeps no order and no fence, and it holds its
 * transaction while Kafka answers. A writer wakes it after its commit; the deletion's commit does not wait for the disk,
 * since losing it costs a repeat only.
 */
final class HandWrittenLoop implements Contender {

    private static final int CHUNK = 1_000;
    private static final long POLL_MILLIS = 50;

    private static final String TAKE = """
            delete from outbox
             where id = any (array(select id from outbox order by id limit ? for update skip locked))
            returning topic, key, payload""";

    private final HikariDataSource pool;
    private final TransactionTemplate transaction;
    private final JdbcTemplate jdbc;
    private final String topic;
    private final Supplier<KafkaProducer<byte[], byte[]>> producers;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    HandWrittenLoop(Place place) {
        pool = Sql.pool(place);
        topic = place.topic();
        producers = () -> Sql.producer(place);
        transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
        jdbc = new JdbcTemplate(pool);
        jdbc.execute("""
                create table outbox (
                  id         bigint      generated always as identity primary key,
                  message_id uuid        not null,
                  topic      text        not null,
                  key        text        not null,
                  payload    bytea       not null,
                  created_at timestamptz not null default clock_timestamp()
                ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
                        autovacuum_vacuum_cost_delay = 0)""");
    }

    @Override
    public void append(List<Message> messages) {
        transaction.executeWithoutResult(status -> jdbc.batchUpdate(
                "insert into outbox (message_id, topic, key, payload) values (?, ?, ?, ?)",
                messages,
                messages.size(),
                (statement, message) -> {
                    statement.setObject(1, message.id());
                    statement.setString(2, topic);
                    statement.setString(3, message.key());
                    statement.setBytes(4, message.payload());
                }));
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    @Override
    public void start() {
        stopping = false;
        Thread made = new Thread(this::run, "hand-written-loop");
        thread = made;
        made.start();
    }

    private void run() {
        try (KafkaProducer<byte[], byte[]> producer = producers.get();
                Connection connection = pool.getConnection()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("set synchronous_commit = off");
            }
            connection.setAutoCommit(false);
            while (!stopping) {
                if (turn(connection, producer) < CHUNK && wakeUps.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    wakeUps.drainPermits();
                }
            }
        } catch (SQLException | ExecutionException trouble) {
            throw new IllegalStateException("The hand-written loop can't go on", trouble);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private int turn(Connection connection, KafkaProducer<byte[], byte[]> producer)
            throws SQLException, ExecutionException, InterruptedException {
        List<Future<?>> sent = new ArrayList<>(CHUNK);
        try (PreparedStatement take = connection.prepareStatement(TAKE)) {
            take.setInt(1, CHUNK);
            try (ResultSet rows = take.executeQuery()) {
                while (rows.next()) {
                    sent.add(producer.send(new ProducerRecord<>(
                            rows.getString(1), rows.getString(2).getBytes(StandardCharsets.UTF_8), rows.getBytes(3))));
                }
            }
        }
        for (Future<?> acknowledgement : sent) {
            acknowledgement.get();
        }
        connection.commit();
        return sent.size();
    }

    @Override
    public void stop() {
        stopping = true;
        wakeUps.release();
        Thread running = thread;
        if (running != null) {
            try {
                running.join(10_000);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            thread = null;
        }
    }

    @Override
    public void close() {
        stop();
        pool.close();
    }
}
