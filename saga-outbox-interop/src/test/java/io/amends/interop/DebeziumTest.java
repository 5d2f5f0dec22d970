package io.amends.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.AppendListener;
import io.amends.outbox.CloudEventMessages;
import io.amends.outbox.HeaderCodec;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.OutboxMessage;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.connect.source.SourceRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Debezium's outbox event router reads the outbox's table, with the settings and the publication of docs/outbox.md. */
class DebeziumTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final CloudEventMessages EVENTS = CloudEventMessages.from("/shop");

    private static final List<SourceRecord> arrived = new CopyOnWriteArrayList<>();
    private static final ExecutorService thread = Executors.newSingleThreadExecutor();

    private static EmbeddedPostgresServer server;
    private static HikariDataSource pool;
    private static JdbcTemplate jdbc;
    private static JdbcOutbox outbox;
    private static TransactionTemplate transaction;
    private static DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgresServer.start(null, Map.of("wal_level", "logical"));
        server.createDatabase("shop");
        pool = new HikariDataSource();
        pool.setJdbcUrl(server.jdbcUrl("shop"));
        pool.setUsername(server.username());
        pool.setPassword(server.password());
        new SagaSchema(pool, SchemaMode.MIGRATE, List.of(SagaSchema.OUTBOX)).apply();
        jdbc = new JdbcTemplate(pool);
        transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
        outbox = new JdbcOutbox(pool, OutboxLimits.DEFAULT, AppendListener.NONE);
        jdbc.execute(block("DebeziumTest runs this", "sql"));
        engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(settings())
                .notifying(change -> arrived.add(change.record()))
                .build();
        thread.execute(engine);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> jdbc.queryForList("select 1 from pg_replication_slots where active", Integer.class)
                                .size()
                        == 1);
    }

    private static Properties settings() throws IOException {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "name", "shop-outbox",
                "connector.class", "io.debezium.connector.postgresql.PostgresConnector",
                "offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore",
                "database.hostname", "localhost",
                "database.port", Integer.toString(server.port()),
                "database.user", server.username(),
                "database.password", server.password(),
                "database.dbname", "shop",
                "topic.prefix", "shop"));
        settings.put("slot.name", "saga_outbox");
        settings.load(new StringReader(block("DebeziumTest runs Debezium with these settings", "properties")));
        assertThat(settings).containsKeys("publication.name", "table.include.list", "transforms.outbox.type");
        // Kafka Connect's; the engine hands records over as they are.
        assertThat(settings.remove("value.converter")).isNotNull();
        return settings;
    }

    private static String block(String mark, String language) throws IOException {
        String page = Files.readString(Path.of("../docs/outbox.md"));
        Matcher found = Pattern.compile("<!-- %s -->\\n```%s\\n(.*?)```".formatted(mark, language), Pattern.DOTALL)
                .matcher(page);
        assertThat(found.find()).as(mark).isTrue();
        return found.group(1);
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        try {
            engine.close();
            thread.shutdown();
            assertThat(thread.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            pool.close();
            server.close();
        }
    }

    @Test
    void a_committed_message_is_routed_with_its_topic_key_id_and_bytes() {
        byte[] data = {0, -1, 127, 10};
        OutboxMessage message = EVENTS.message("orders", "order-7", "order-placed", "application/octet-stream", data);
        append(message);

        SourceRecord record = arrival(message);
        assertThat(record.topic()).isEqualTo("orders");
        assertThat(record.key()).isEqualTo("order-7");
        assertThat(bytes(record.value())).isEqualTo(data);
        assertThat(header(record, "ce_type")).isEqualTo("order-placed");
        Map<String, byte[]> headers = HeaderCodec.decode(bytes(header(record, "saga_headers")));
        assertThat(headers.keySet()).isEqualTo(message.headers().keySet());
        assertThat(headers.get("ce_source")).isEqualTo("/shop".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void of_a_transaction_that_was_rolled_back_nothing_is_routed() {
        OutboxMessage gone = message("gone");
        transaction.executeWithoutResult(status -> {
            outbox.append(gone);
            status.setRollbackOnly();
        });
        jdbc.execute((Connection connection) -> {
            connection.setAutoCommit(false);
            outbox.appendTo(connection, List.of(gone));
            connection.rollback();
            return null;
        });
        OutboxMessage kept = message("kept");
        append(kept);

        arrival(kept);
        assertThat(ids()).doesNotContain(gone.id().toString());
    }

    @Test
    void messages_of_a_transaction_stay_in_their_order() {
        List<OutboxMessage> batch =
                IntStream.range(0, 50).mapToObj(i -> message("batch-" + i)).toList();
        transaction.executeWithoutResult(status -> outbox.appendAll(batch));

        arrival(batch.get(49));
        assertThat(ids())
                .containsSubsequence(
                        batch.stream().map(message -> message.id().toString()).toList());
    }

    @Test
    void clearing_a_segment_or_deleting_a_row_is_nothing_to_it() {
        OutboxMessage before = message("before");
        append(before);
        arrival(before);
        jdbc.update("delete from saga_outbox where id = ?", before.id());
        for (int segment = 0; segment < 8; segment++) {
            jdbc.execute("truncate saga_outbox_" + segment);
        }
        OutboxMessage after = message("after");
        append(after);

        arrival(after);
        List<String> ids = ids();
        assertThat(ids.subList(ids.indexOf(before.id().toString()), ids.size()))
                .containsExactly(before.id().toString(), after.id().toString());
        assertThat(arrived).allSatisfy(record -> assertThat(record.value()).isNotNull());
    }

    private static OutboxMessage message(String key) {
        return EVENTS.message("orders", key, "noted", "text/plain", new byte[] {1});
    }

    private static void append(OutboxMessage message) {
        transaction.executeWithoutResult(status -> outbox.append(message));
    }

    private static SourceRecord arrival(OutboxMessage message) {
        String id = message.id().toString();
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> ids().contains(id));
        return arrived.get(ids().indexOf(id));
    }

    private static List<String> ids() {
        return arrived.stream()
                .map(record -> String.valueOf(header(record, "id")))
                .toList();
    }

    private static @Nullable Object header(SourceRecord record, String name) {
        return record.headers().lastWithName(name).value();
    }

    private static byte[] bytes(@Nullable Object value) {
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        return value instanceof byte[] bytes ? bytes : new byte[0];
    }
}
