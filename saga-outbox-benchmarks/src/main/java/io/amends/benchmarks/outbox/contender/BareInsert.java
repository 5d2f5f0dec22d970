package io.amends.benchmarks.outbox.contender;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The row that Amends would write, in the same table, by a plain INSERT: what appending must cost at least. No relay. */
final class BareInsert implements Contender {

    private static final byte[] NO_HEADERS = {};

    private final HikariDataSource pool;
    private final TransactionTemplate transaction;
    private final JdbcTemplate jdbc;
    private final String topic;

    BareInsert(Place place) {
        pool = Sql.pool(place);
        topic = place.topic();
        new SagaSchema(pool, SchemaMode.MIGRATE, List.of(SagaSchema.OUTBOX)).apply();
        transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
        jdbc = new JdbcTemplate(pool);
    }

    @Override
    public void append(List<Message> messages) {
        transaction.executeWithoutResult(status -> messages.forEach(message ->
                jdbc.update("""
                insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)
                values (?, ?, ?, ?, ?, ?, ?)""", message.id(), topic, message.key(), "measured", message.payload(), NO_HEADERS, (short)
                        (message.key().hashCode() & 255))));
    }

    @Override
    public void start() {
        throw new UnsupportedOperationException("A bare INSERT has no relay");
    }

    @Override
    public void stop() {
        // there is no relay
    }

    @Override
    public void close() {
        pool.close();
    }
}
