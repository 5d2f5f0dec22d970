package io.amends.outbox.property;

import io.amends.outbox.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** What people and scheduled work do to an outbox while relays publish it. Used by one thread. */
final class Operator {

    private static final int SEGMENTS = 8;

    private final TestDatabase database;
    private final Journal journal;
    private final FaultLog faults;

    Operator(TestDatabase database, Journal journal, FaultLog faults) {
        this.database = database;
        this.journal = journal;
        this.faults = faults;
    }

    /** Segments take a second instead of a minute, so that their turns come again within a short run. */
    void shortenSegments() {
        database.jdbc().execute("""
                alter table saga_outbox alter column segment
                  set default (date_part('epoch', clock_timestamp())::bigint & 7)""");
    }

    /** Empties what may be emptied, at whatever moment. */
    void rotate() {
        List<String> outcomes = database.jdbc()
                .queryForList(
                        "select saga_outbox_truncate(n) from generate_series(0, ?) n", String.class, SEGMENTS - 1);
        long emptied = outcomes.stream().filter("TRUNCATED"::equals).count();
        faults.note("%d of %d segments are emptied".formatted(emptied, SEGMENTS));
    }

    /** Lets a refused record go, so that its key goes on without it; or has it tried again, so that it is refused again. */
    void release(int pick, boolean discard) {
        database.transaction().executeWithoutResult(status -> {
            JdbcTemplate jdbc = database.jdbc();
            List<Map<String, Object>> keys = jdbc.queryForList("""
                    select k.aggregatetype, k.aggregateid, p.position, p.id
                      from saga_parked_key k join saga_parked p on p.position = k.blocked_by
                     order by k.aggregateid for update of k""");
            if (keys.isEmpty()) {
                return;
            }
            Map<String, Object> key = keys.get(pick % keys.size());
            if (discard) {
                jdbc.update("delete from saga_parked where position = ?", key.get("position"));
                journal.discarded((UUID) key.get("id"));
            }
            jdbc.update(
                    "update saga_parked_key set blocked_by = null where aggregatetype = ? and aggregateid = ?",
                    key.get("aggregatetype"),
                    key.get("aggregateid"));
            faults.note("the refused record of key %s is %s"
                    .formatted(key.get("aggregateid"), discard ? "discarded" : "tried again"));
        });
    }
}
