package io.amends.benchmarks.outbox.contender;

import com.zaxxer.hikari.HikariDataSource;
import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Debezium's embedded engine with its connector for PostgreSQL and its outbox event router. A batch is sent with an
 * idempotent producer and noted when all of it is acknowledged.
 */
final class Debezium implements Contender {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private final Place place;
    private final HikariDataSource pool;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final KafkaProducer<byte[], byte[]> producer;
    private @Nullable DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine;
    private @Nullable Thread thread;

    Debezium(Place place) {
        this.place = place;
        pool = Sql.pool(place, Sql.CONNECTIONS);
        producer = Sql.producer(place);
        jdbc = new JdbcTemplate(pool);
        transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
        jdbc.execute("""
                create table outbox (
                  id            uuid  not null primary key,
                  aggregatetype text  not null,
                  aggregateid   text  not null,
                  type          text  not null,
                  payload       bytea not null)""");
        jdbc.execute("create publication outbox for table outbox with (publish = 'insert')");
        jdbc.queryForList("select pg_create_logical_replication_slot(?, 'pgoutput')", slot());
    }

    private String slot() {
        return place.topic();
    }

    private Properties settings() {
        URI server = URI.create(place.jdbcUrl().substring("jdbc:".length()));
        Properties settings = new Properties();
        settings.put("name", "outbox");
        settings.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        settings.put("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        settings.put("offset.flush.interval.ms", "1000");
        settings.put("topic.prefix", "outbox");
        settings.put("database.hostname", server.getHost());
        settings.put("database.port", Integer.toString(server.getPort() < 0 ? 5432 : server.getPort()));
        settings.put("database.dbname", server.getPath().substring(1));
        settings.put("database.user", place.user());
        settings.put("database.password", place.password());
        settings.put("plugin.name", "pgoutput");
        settings.put("slot.name", slot());
        settings.put("publication.name", "outbox");
        settings.put("publication.autocreate.mode", "disabled");
        settings.put("table.include.list", "public.outbox");
        settings.put("snapshot.mode", "no_data");
        settings.put("max.batch.size", "4096");
        settings.put("max.queue.size", "16384");
        // It looks so often whether there is something in its queue.
        settings.put("poll.interval.ms", "2");
        settings.put("statistics.metrics.enabled", "false");
        settings.put("tombstones.on.delete", "false");
        settings.put("transforms", "outbox");
        settings.put("transforms.outbox.type", "io.debezium.transforms.outbox.EventRouter");
        settings.put("transforms.outbox.route.topic.replacement", "${routedByValue}");
        return settings;
    }

    @Override
    public void append(List<Message> messages) {
        transaction.executeWithoutResult(status -> jdbc.batchUpdate(
                "insert into outbox (id, aggregatetype, aggregateid, type, payload) values (?, ?, ?, ?, ?)",
                messages,
                messages.size(),
                (statement, message) -> {
                    statement.setObject(1, message.id());
                    statement.setString(2, place.topic());
                    statement.setString(3, message.key());
                    statement.setString(4, "measured");
                    statement.setBytes(5, message.payload());
                }));
    }

    /** Returns when the engine reads the log. */
    @Override
    public void start() {
        DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> made = DebeziumEngine.create(Connect.class)
                .using(settings())
                .notifying(this::send)
                .build();
        engine = made;
        Thread running = new Thread(made, "debezium-engine");
        thread = running;
        running.start();
        await("select active from pg_replication_slots where slot_name = ?");
    }

    private void await(String question) {
        long limit = System.nanoTime() + START_LIMIT.toNanos();
        while (!Boolean.TRUE.equals(jdbc.queryForObject(question, Boolean.class, slot()))) {
            if (System.nanoTime() - limit > 0) {
                throw new IllegalStateException(
                        "Debezium has not come so far in " + START_LIMIT + ": " + question + ". See its log above.");
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void send(
            List<ChangeEvent<SourceRecord, SourceRecord>> events,
            DebeziumEngine.RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer)
            throws InterruptedException {
        List<Future<?>> sent = new ArrayList<>(events.size());
        for (ChangeEvent<SourceRecord, SourceRecord> event : events) {
            SourceRecord routed = event.value();
            sent.add(producer.send(new ProducerRecord<>(
                    routed.topic(), String.valueOf(routed.key()).getBytes(StandardCharsets.UTF_8), bytes((ByteBuffer)
                            routed.value()))));
        }
        for (Future<?> acknowledgement : sent) {
            try {
                acknowledgement.get();
            } catch (ExecutionException trouble) {
                throw new IllegalStateException("Kafka refused a record", trouble);
            }
        }
        for (ChangeEvent<SourceRecord, SourceRecord> event : events) {
            committer.markProcessed(event);
        }
        committer.markBatchFinished();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public void stop() {
        DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> running = engine;
        Thread ending = thread;
        if (running == null || ending == null) {
            return;
        }
        engine = null;
        try {
            running.close();
            ending.join(START_LIMIT.toMillis());
        } catch (IOException trouble) {
            throw new UncheckedIOException("Debezium can't be stopped", trouble);
        } catch (IllegalStateException ended) {
            // By itself; its log says why, and what it did not send is counted as missing.
            System.err.println("Debezium's engine had ended: " + ended.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        await("select not active from pg_replication_slots where slot_name = ?");
        jdbc.queryForList("select pg_drop_replication_slot(?)", slot());
        producer.close(Duration.ofSeconds(5));
        pool.close();
    }
}
