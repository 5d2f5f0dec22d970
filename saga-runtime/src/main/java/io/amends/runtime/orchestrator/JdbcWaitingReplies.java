package io.amends.runtime.orchestrator;

import io.amends.outbox.HeaderCodec;
import io.amends.runtime.sql.Arguments;
import io.amends.runtime.store.WaitingReplies;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.ReasonCode;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.JdbcOperations;

/** The table {@code saga_waiting_reply}. Safe for use by many threads. */
public final class JdbcWaitingReplies implements WaitingReplies {

    private final JdbcOperations jdbc;

    /** In that database. */
    public JdbcWaitingReplies(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    // Two statements for all of them.
    @Override
    public void keep(List<SagaMessage> replies) {
        if (replies.isEmpty()) {
            return;
        }
        jdbc.update(
                """
                insert into saga_waiting_reply (topic, partition_no, offset_no, saga_id, record_key, payload, headers)
                select * from unnest(?::text[], ?::int[], ?::bigint[], ?::uuid[], ?::bytea[], ?::bytea[], ?::bytea[])
                on conflict (topic, partition_no, offset_no) do nothing""",
                new Arguments.Plain()
                        .array("text", replies, reply -> reply.record().topic())
                        .array("int", replies, reply -> reply.record().partition())
                        .array("bigint", replies, reply -> reply.record().offset())
                        .array("uuid", replies, SagaMessage::sagaId)
                        .array("bytea", replies, reply -> reply.record().key())
                        .array("bytea", replies, reply -> reply.record().value())
                        .array(
                                "bytea",
                                replies,
                                reply -> HeaderCodec.encode(reply.record().headers())));
        jdbc.update(
                """
                update saga_instance
                   set phase = 'STUCK', reason_code = ?, row_version = row_version + 1, updated_at = clock_timestamp(),
                       stuck_since = clock_timestamp(), reason_frames = null,
                       reason = 'no process has version ' || saga_version || '; its replies wait in saga_waiting_reply'
                 where saga_id = any(?::uuid[]) and phase in ('RUNNING', 'COMPENSATING')""",
                new Arguments.Plain()
                        .value(ReasonCode.NO_HANDLER_VERSION.name())
                        .array("uuid", replies, SagaMessage::sagaId));
    }

    @Override
    public List<Waiting> find(Collection<SagaDefinition> definitions, int most) {
        List<SagaDefinition> known = List.copyOf(definitions);
        return jdbc.query(
                """
                select w.topic, w.partition_no, w.offset_no, w.record_key, w.payload, w.headers,
                       (extract(epoch from w.waits_since) * 1000000)::bigint as arrival
                  from saga_waiting_reply w join saga_instance i using (saga_id)
                 where (i.saga_name, i.saga_version) in (select * from unnest(?::text[], ?::int[]))
                 order by w.waits_since, w.topic, w.partition_no, w.offset_no limit ?""",
                new Arguments.Plain()
                        .array("text", known, SagaDefinition::name)
                        .array("int", known, SagaDefinition::version)
                        .value(most),
                (row, number) -> new Waiting(
                        new InboundRecord(
                                row.getString("topic"),
                                row.getInt("partition_no"),
                                row.getLong("offset_no"),
                                row.getBytes("record_key"),
                                row.getBytes("payload"),
                                HeaderCodec.decode(row.getBytes("headers"))),
                        row.getLong("arrival")));
    }

    @Override
    public void delete(List<Waiting> replies) {
        jdbc.update(
                """
                delete from saga_waiting_reply w
                 using unnest(?::text[], ?::int[], ?::bigint[], ?::bigint[]) d (topic, partition_no, offset_no, arrival)
                 where w.topic = d.topic and w.partition_no = d.partition_no and w.offset_no = d.offset_no
                   and (extract(epoch from w.waits_since) * 1000000)::bigint = d.arrival""",
                new Arguments.Plain()
                        .array("text", replies, reply -> reply.record().topic())
                        .array("int", replies, reply -> reply.record().partition())
                        .array("bigint", replies, reply -> reply.record().offset())
                        .array("bigint", replies, Waiting::arrival));
    }
}
