package io.amends.runtime.participant;

import io.amends.runtime.sql.Arguments;
import io.amends.runtime.store.Barrier.StoredReply;
import io.amends.runtime.store.OpenReplies;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.ReplyToken;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/** The table {@code saga_deferred_reply}. Safe for use by many threads. */
final class JdbcOpenReplies implements OpenReplies {

    private final JdbcOperations jdbc;

    JdbcOpenReplies(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void keep(List<Open> replies) {
        if (replies.isEmpty()) {
            return;
        }
        jdbc.update(
                """
                insert into saga_deferred_reply (token, participant, saga_id, step, kind, command_type, saga_name,
                                                 saga_version, sequence, trace_parent, hlc, round)
                select * from unnest(?::text[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[],
                                     ?::integer[], ?::text[], ?::bytea[], ?::bigint[], ?::integer[])
                on conflict (participant, saga_id, step, kind) do update
                   set token = excluded.token, command_type = excluded.command_type, sequence = excluded.sequence,
                       trace_parent = excluded.trace_parent, hlc = excluded.hlc, round = excluded.round,
                       deferred_at = clock_timestamp()""",
                new Arguments.Plain()
                        .array("text", replies, open -> open.token().value())
                        .array("text", replies, Open::participant)
                        .array("uuid", replies, open -> open.command().sagaId())
                        .array("text", replies, open -> open.command().step())
                        .array("text", replies, open -> open.command().kind().wireName())
                        .array("text", replies, open -> open.command().type())
                        .array("text", replies, open -> open.command().sagaName())
                        .array("int4", replies, open -> open.command().sagaVersion())
                        .array("text", replies, open -> open.command().sequence())
                        .array(
                                "bytea",
                                replies,
                                open -> open.command().record().headers().get(WireHeaders.TRACE_PARENT))
                        .array("int8", replies, open -> open.command().clock())
                        .array("int4", replies, open -> open.command().round()));
    }

    @Override
    public List<Open> find(List<ReplyToken> tokens) {
        List<Open> found = new ArrayList<>();
        jdbc.query("""
                select d.*, i.message_id
                  from saga_deferred_reply d join saga_inbox_command i using (participant, saga_id, step, kind)
                 where d.token = any(?::text[]) and i.outcome is null""", new Arguments.Plain().array("text", tokens, ReplyToken::value), row -> {
            found.add(open(row));
        });
        return found;
    }

    @Override
    public List<Open> answer(Map<ReplyToken, StoredReply> replies) {
        List<Map.Entry<ReplyToken, StoredReply>> rows = List.copyOf(replies.entrySet());
        List<Open> answered = new ArrayList<>();
        jdbc.query(
                """
                with given as (
                  select * from unnest(?::text[], ?::text[], ?::text[], ?::bytea[]) g (token, outcome, reply_type, reply)),
                open as (
                  select d.*, i.message_id
                    from saga_deferred_reply d join saga_inbox_command i using (participant, saga_id, step, kind)
                   where d.token in (select token from given) and i.outcome is null
                   order by participant, saga_id, step, kind
                   for update of i),
                answered as (
                  update saga_inbox_command i
                     set outcome = g.outcome, reply_type = g.reply_type, reply = g.reply
                    from open o join given g using (token)
                   where i.participant = o.participant and i.saga_id = o.saga_id and i.step = o.step and i.kind = o.kind)
                select * from open""",
                new Arguments.Plain()
                        .array("text", rows, row -> row.getKey().value())
                        .array("text", rows, row -> row.getValue().outcome().name())
                        .array("text", rows, row -> row.getValue().type())
                        .array("bytea", rows, row -> row.getValue().payload()),
                row -> {
                    answered.add(open(row));
                });
        return answered;
    }

    @Override
    public Map<ReplyToken, StoredReply> answers(List<ReplyToken> tokens) {
        Map<ReplyToken, StoredReply> found = new HashMap<>();
        jdbc.query("""
                select d.token, i.outcome, i.reply_type, i.reply
                  from saga_deferred_reply d join saga_inbox_command i using (participant, saga_id, step, kind)
                 where d.token = any(?::text[]) and i.outcome is not null""", new Arguments.Plain().array("text", tokens, ReplyToken::value), row -> {
            found.put(
                    ReplyToken.of(row.getString("token")),
                    new StoredReply(
                            Outcome.valueOf(row.getString("outcome")),
                            row.getString("reply_type"),
                            row.getBytes("reply")));
        });
        return found;
    }

    private static Open open(ResultSet row) throws SQLException {
        byte[] trace = row.getBytes("trace_parent");
        SagaMessage command = new SagaMessage(
                new InboundRecord(
                        "", 0, 0, null, null, trace == null ? Map.of() : Map.of(WireHeaders.TRACE_PARENT, trace)),
                row.getObject("message_id", UUID.class),
                "saga/" + row.getString("saga_name"),
                row.getString("command_type"),
                row.getObject("saga_id", UUID.class),
                row.getString("saga_name"),
                row.getInt("saga_version"),
                row.getString("step"),
                CommandKind.ofWireName(row.getString("kind")).orElseThrow(),
                null,
                row.getLong("hlc"),
                // One answer for all sendings of the command.
                0,
                row.getString("sequence"),
                row.getInt("round"));
        return new Open(ReplyToken.of(row.getString("token")), row.getString("participant"), command);
    }
}
