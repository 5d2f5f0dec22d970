package io.amends.test.conformance;

import io.amends.outbox.HeaderCodec;
import io.amends.runtime.quarantine.JdbcQuarantine;
import io.amends.runtime.quarantine.Quarantine;
import io.amends.runtime.quarantine.Quarantine.Case;
import io.amends.runtime.wire.InboundRecord;
import java.util.List;
import org.springframework.transaction.PlatformTransactionManager;

class PostgresQuarantineTest extends QuarantineConformance {

    @Override
    protected QuarantineFixture fixture() {
        PostgresDatabase database = new PostgresDatabase();
        JdbcQuarantine quarantine = new JdbcQuarantine(database.jdbc);
        return new QuarantineFixture() {
            @Override
            public Quarantine quarantine() {
                return quarantine;
            }

            @Override
            public List<Case> committed() {
                return database.jdbc.query(
                        "select * from saga_inbox_quarantine order by topic, partition_no, offset_no",
                        (row, number) -> new Case(
                                new InboundRecord(
                                        row.getString("topic"),
                                        row.getInt("partition_no"),
                                        row.getLong("offset_no"),
                                        row.getBytes("record_key"),
                                        row.getBytes("payload"),
                                        HeaderCodec.decode(row.getBytes("headers"))),
                                row.getString("reason_code"),
                                row.getString("reason")));
            }

            @Override
            public PlatformTransactionManager transactions() {
                return database.transactions;
            }
        };
    }
}
