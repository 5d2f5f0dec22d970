package io.amends.runtime.participant;

import io.amends.outbox.HeaderCodec;
import io.amends.runtime.isolation.LockWait;
import io.amends.runtime.isolation.WaitingCommands;
import io.amends.runtime.sql.Arguments;
import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.Redeliveries;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcOperations;

/** The table {@code saga_inbox_redelivery}. Safe for use by many threads. */
final class JdbcRedeliveries implements Redeliveries {

    private final JdbcOperations jdbc;
    private final String participant;
    private final WaitingCommands waiting;

    JdbcRedeliveries(JdbcOperations jdbc, String participant) {
        this.jdbc = jdbc;
        this.participant = participant;
        this.waiting = new WaitingCommands(jdbc);
    }

    @Override
    public void add(SagaMessage message, String error, long waitMillis) {
        keep(message, 1, error, waitMillis);
    }

    @Override
    public boolean awaitRow(SagaMessage message, String error, long waitMillis) {
        return keep(message, 0, error, waitMillis);
    }

    private boolean keep(SagaMessage message, int attempts, String error, long waitMillis) {
        InboundRecord record = message.record();
        int added = jdbc.update(
                """
                insert into saga_inbox_redelivery (participant, saga_id, step, kind, topic, partition_no, offset_no,
                                                   record_key, payload, headers, attempts, next_attempt_at, error)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, clock_timestamp() + ? * interval '1 millisecond', ?)
                on conflict (participant, saga_id, step, kind) do nothing""",
                participant,
                message.sagaId(),
                message.step(),
                message.kind().wireName(),
                record.topic(),
                record.partition(),
                record.offset(),
                record.key(),
                record.value(),
                HeaderCodec.encode(record.headers()),
                attempts,
                waitMillis,
                error);
        if (added == 0) {
            takeOver(List.of(message));
        }
        return added > 0;
    }

    @Override
    public int awaitLocks(List<SagaMessage> messages, Map<Barrier.Key, LockWait> waits) {
        // Two attempts of one command may be in one poll.
        Map<Barrier.Key, SagaMessage> last = new LinkedHashMap<>();
        messages.forEach(
                message -> last.put(new Barrier.Key(message.sagaId(), message.step(), message.kind()), message));
        List<SagaMessage> kept = List.copyOf(last.values());
        int added = jdbc.update("""
                insert into saga_inbox_redelivery (participant, saga_id, step, kind, topic, partition_no, offset_no,
                                                   record_key, payload, headers, attempts, next_attempt_at, error)
                select ?, m.*, 0, 'infinity', 'waits for a semantic lock'
                  from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::integer[], ?::bigint[],
                              ?::bytea[], ?::bytea[], ?::bytea[]) m
                on conflict (participant, saga_id, step, kind) do nothing""", messages(kept));
        if (added < kept.size()) {
            takeOver(kept);
        }
        return waiting.add(
                participant,
                waits.entrySet().stream()
                        .map(entry -> new WaitingCommands.Waiting(
                                entry.getKey().sagaId(),
                                entry.getKey().step(),
                                entry.getKey().kind(),
                                entry.getValue()))
                        .toList());
    }

    /** What is being delivered just now keeps its message: to wait for its handler would hold up the whole poll. */
    private void takeOver(List<SagaMessage> messages) {
        jdbc.update("""
                with free as (
                  select r.redelivery_id, m.topic, m.partition_no, m.offset_no, m.record_key, m.payload, m.headers
                    from saga_inbox_redelivery r
                    join (select ? as participant, u.*
                            from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::integer[], ?::bigint[],
                                        ?::bytea[], ?::bytea[], ?::bytea[])
                                 u (saga_id, step, kind, topic, partition_no, offset_no, record_key, payload, headers)) m
                   using (participant, saga_id, step, kind)
                     for no key update of r skip locked)
                update saga_inbox_redelivery r
                   set topic = f.topic, partition_no = f.partition_no, offset_no = f.offset_no,
                       record_key = f.record_key, payload = f.payload, headers = f.headers
                  from free f where r.redelivery_id = f.redelivery_id""", messages(messages));
    }

    private Arguments.Plain messages(List<SagaMessage> messages) {
        return new Arguments.Plain()
                .value(participant)
                .array("uuid", messages, SagaMessage::sagaId)
                .array("text", messages, SagaMessage::step)
                .array("text", messages, message -> message.kind().wireName())
                .array("text", messages, message -> message.record().topic())
                .array("int4", messages, message -> message.record().partition())
                .array("int8", messages, message -> message.record().offset())
                .array("bytea", messages, message -> message.record().key())
                .array("bytea", messages, message -> message.record().value())
                .array(
                        "bytea",
                        messages,
                        message -> HeaderCodec.encode(message.record().headers()));
    }

    @Override
    public void hasten(List<Barrier.Key> keys) {
        jdbc.update(
                """
                update saga_inbox_redelivery set next_attempt_at = clock_timestamp()
                 where redelivery_id in (
                   select redelivery_id from saga_inbox_redelivery
                    where participant = ?
                      and (saga_id, step, kind) in (select * from unnest(?::uuid[], ?::text[], ?::text[]))
                      for no key update skip locked)""",
                new Arguments.Plain()
                        .value(participant)
                        .array("uuid", keys, Barrier.Key::sagaId)
                        .array("text", keys, Barrier.Key::step)
                        .array("text", keys, key -> key.kind().wireName()));
    }

    @Override
    public List<Long> due(int most) {
        return jdbc.queryForList("""
                select redelivery_id from saga_inbox_redelivery
                 where participant = ? and next_attempt_at <= clock_timestamp()
                 order by next_attempt_at limit ?""", Long.class, participant, most);
    }

    @Override
    public Optional<Row> lock(long id) {
        return jdbc.query("""
                select redelivery_id, attempts, error, topic, partition_no, offset_no, record_key, payload, headers
                  from saga_inbox_redelivery where redelivery_id = ? for no key update skip locked""", (row, number) -> row(row), id).stream().findFirst();
    }

    @Override
    public void postpone(long id, int attempts, String error, long waitMillis) {
        jdbc.update("""
                update saga_inbox_redelivery
                   set attempts = ?, error = ?, next_attempt_at = clock_timestamp() + ? * interval '1 millisecond'
                 where redelivery_id = ?""", attempts, error, waitMillis, id);
    }

    @Override
    public int delete(long id) {
        int due = waiting.leave(id);
        jdbc.update("delete from saga_inbox_redelivery where redelivery_id = ?", id);
        return due;
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("redelivery_id"),
                row.getInt("attempts"),
                row.getString("error"),
                new InboundRecord(
                        row.getString("topic"),
                        row.getInt("partition_no"),
                        row.getLong("offset_no"),
                        row.getBytes("record_key"),
                        row.getBytes("payload"),
                        HeaderCodec.decode(row.getBytes("headers"))));
    }
}
