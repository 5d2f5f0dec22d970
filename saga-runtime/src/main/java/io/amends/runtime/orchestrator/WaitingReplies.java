package io.amends.runtime.orchestrator;

import io.amends.outbox.HeaderCodec;
import io.amends.runtime.sql.Arguments;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.ReasonCode;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Replies to instances of a version that this process does not have, as happens while a new version is rolled out or an
 * old one was taken away too early. They wait in a table, their instances are shown as stuck, and a process that has the
 * version takes them from there. Safe for use by many threads.
 */
final class WaitingReplies {

    private static final Logger log = LoggerFactory.getLogger(WaitingReplies.class);
    private static final int CHUNK = 100;

    private final JdbcOperations jdbc;
    private final SagaRegistry registry;

    WaitingReplies(JdbcOperations jdbc, SagaRegistry registry) {
        this.jdbc = jdbc;
        this.registry = registry;
    }

    /** Keeps the replies and marks their instances, in the caller's transaction; two statements for all of them. */
    void keep(List<SagaMessage> replies) {
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
                       reason = 'no process has version ' || saga_version || '; its replies wait in saga_waiting_reply'
                 where saga_id = any(?::uuid[]) and phase in ('RUNNING', 'COMPENSATING')""",
                new Arguments.Plain()
                        .value(ReasonCode.NO_HANDLER_VERSION.name())
                        .array("uuid", replies, SagaMessage::sagaId));
        log.warn(
                "{} replies are for versions of sagas that this process does not have, such as '{}' version {}; they wait for one that has",
                replies.size(),
                replies.get(0).sagaName(),
                replies.get(0).sagaVersion());
    }

    /**
     * Hands over the replies to instances of versions that this process has, oldest first. They are deleted afterwards: a
     * crash in between hands them over again, which the instances recognise.
     */
    void handOver(Consumer<List<InboundRecord>> processor) {
        List<InboundRecord> records;
        do {
            records = waiting();
            if (!records.isEmpty()) {
                processor.accept(records);
                delete(records);
                log.info("{} replies that had waited for their saga's version were processed", records.size());
            }
        } while (records.size() == CHUNK);
    }

    private List<InboundRecord> waiting() {
        List<SagaDefinition> known = registry.all();
        return jdbc.query(
                """
                select w.topic, w.partition_no, w.offset_no, w.record_key, w.payload, w.headers
                  from saga_waiting_reply w join saga_instance i using (saga_id)
                 where (i.saga_name, i.saga_version) in (select * from unnest(?::text[], ?::int[]))
                 order by w.waits_since, w.topic, w.partition_no, w.offset_no limit ?""",
                new Arguments.Plain()
                        .array("text", known, SagaDefinition::name)
                        .array("int", known, SagaDefinition::version)
                        .value(CHUNK),
                (row, number) -> new InboundRecord(
                        row.getString("topic"),
                        row.getInt("partition_no"),
                        row.getLong("offset_no"),
                        row.getBytes("record_key"),
                        row.getBytes("payload"),
                        HeaderCodec.decode(row.getBytes("headers"))));
    }

    private void delete(List<InboundRecord> records) {
        jdbc.update(
                """
                delete from saga_waiting_reply
                 where (topic, partition_no, offset_no) in (select * from unnest(?::text[], ?::int[], ?::bigint[]))""",
                new Arguments.Plain()
                        .array("text", records, InboundRecord::topic)
                        .array("int", records, InboundRecord::partition)
                        .array("bigint", records, InboundRecord::offset));
    }
}
