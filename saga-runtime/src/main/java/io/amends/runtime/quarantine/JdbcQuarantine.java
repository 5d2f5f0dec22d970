package io.amends.runtime.quarantine;

import io.amends.outbox.HeaderCodec;
import io.amends.runtime.sql.Arguments;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;

/** The table {@code saga_inbox_quarantine}. Safe for use by many threads. */
public final class JdbcQuarantine implements Quarantine {

    private static final Logger log = LoggerFactory.getLogger(JdbcQuarantine.class);
    private static final int MAX_REASON = 2000;

    private final JdbcOperations jdbc;
    private final LongAdder kept = new LongAdder();

    /** On that database; takes part in the caller's transaction where there is one. */
    public JdbcQuarantine(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void keep(List<Case> cases) {
        if (cases.isEmpty()) {
            return;
        }
        Arguments.Plain arguments = new Arguments.Plain()
                .array("text", cases, one -> one.record().topic())
                .array("int", cases, one -> one.record().partition())
                .array("bigint", cases, one -> one.record().offset())
                .array("bytea", cases, one -> one.record().key())
                .array("bytea", cases, one -> one.record().value())
                .array("bytea", cases, one -> HeaderCodec.encode(one.record().headers()))
                .array("text", cases, Case::reasonCode)
                .array("text", cases, one -> storable(one.reason()));
        jdbc.update("""
                insert into saga_inbox_quarantine (topic, partition_no, offset_no, record_key, payload, headers,
                                                   reason_code, reason)
                select * from unnest(?::text[], ?::int[], ?::bigint[], ?::bytea[], ?::bytea[], ?::bytea[], ?::text[],
                                     ?::text[])
                on conflict (topic, partition_no, offset_no) do nothing""", arguments);
        kept.add(cases.size());
        for (Case one : cases) {
            // Not the reason itself: it may be what a handler threw, and quote the message.
            log.warn(
                    "Quarantined the message at {}: {}; its row in saga_inbox_quarantine says why",
                    one.record().place(),
                    one.reasonCode());
        }
    }

    /** PostgreSQL's text has no NUL, and an exception's words may be long. */
    private static String storable(String reason) {
        String text = reason.replace("\0", "");
        return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON);
    }

    @Override
    public long kept() {
        return kept.sum();
    }
}
