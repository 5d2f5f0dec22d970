package io.amends.test.conformance;

import io.amends.outbox.AppendListener;
import io.amends.outbox.HeaderCodec;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.OutboxMessage;
import java.util.List;
import java.util.UUID;
import org.springframework.transaction.PlatformTransactionManager;

class PostgresOutboxTest extends OutboxConformance {

    @Override
    protected OutboxFixture fixture() {
        PostgresDatabase database = new PostgresDatabase();
        Outbox outbox = new JdbcOutbox(database.pool, new OutboxLimits(1_000), AppendListener.NONE);
        return new OutboxFixture() {
            @Override
            public Outbox outbox() {
                return outbox;
            }

            @Override
            public int maxMessageBytes() {
                return 1_000;
            }

            @Override
            public List<OutboxMessage> committed() {
                return database.jdbc.query(
                        "select * from saga_outbox order by position",
                        (row, number) -> new OutboxMessage(
                                row.getObject("id", UUID.class),
                                row.getString("aggregatetype"),
                                row.getString("aggregateid"),
                                row.getString("type"),
                                row.getBytes("payload"),
                                HeaderCodec.decode(row.getBytes("headers"))));
            }

            @Override
            public PlatformTransactionManager transactions() {
                return database.transactions;
            }
        };
    }
}
