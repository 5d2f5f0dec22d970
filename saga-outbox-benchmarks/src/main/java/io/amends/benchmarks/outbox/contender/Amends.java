package io.amends.benchmarks.outbox.contender;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.OutboxMessage;
import io.amends.outbox.relay.ProducerMode;
import io.amends.outbox.relay.Publishers;
import io.amends.outbox.relay.ReadMode;
import io.amends.outbox.relay.Relay;
import io.amends.outbox.relay.RelaySettings;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The outbox and relay of Amends with their default settings. */
final class Amends implements Contender {

    private static final Duration STOP_LIMIT = Duration.ofMillis(1);

    private final HikariDataSource pool;
    private final TransactionTemplate transaction;
    private final JdbcOutbox outbox;
    private final Relay relay;
    private final String topic;

    Amends(Place place, ReadMode reading, ProducerMode writing) {
        pool = Sql.pool(place);
        topic = place.topic();
        new SagaSchema(pool, SchemaMode.MIGRATE, List.of(SagaSchema.OUTBOX)).apply();
        transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
        Publishers publishers = Publishers.of(
                writing, Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, place.bootstrapServers()), topic);
        relay = new Relay(pool, reading.source(pool), publishers, RelaySettings.DEFAULT, "benchmark");
        outbox = new JdbcOutbox(pool, OutboxLimits.DEFAULT, relay);
    }

    @Override
    public void append(List<Message> messages) {
        transaction.executeWithoutResult(status -> outbox.appendAll(messages.stream()
                .map(message ->
                        new OutboxMessage(message.id(), topic, message.key(), "measured", message.payload(), Map.of()))
                .toList()));
    }

    @Override
    public void start() {
        relay.start();
    }

    @Override
    public void stop() {
        relay.stop(STOP_LIMIT);
    }

    @Override
    public void close() {
        stop();
        pool.close();
    }
}
