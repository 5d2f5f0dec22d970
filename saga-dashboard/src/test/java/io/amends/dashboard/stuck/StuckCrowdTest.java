package io.amends.dashboard.stuck;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Depot;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is stuck is told however much else there is that is older: what the statement does not ask about does not use up what it
 * reads. Each crowd is as large as that, and older than what it stands before. {@link StuckTableTest} tells how lines read.
 */
class StuckCrowdTest {

    private static final String THEIRS = """
            unsent     | OUTBOX_BLOCKED 90       | o bucket=0 xid=2000 created_at=-90
            held       | REPLY_OVERDUE 75        | s status=PENDING held_for=vans held_since=-675
            """;

    private static Depot depot;

    private final StuckInbox inbox = new StuckInbox(depot.reads(), StuckAllowances.DEFAULT);
    private final StuckRows rows = new StuckRows(depot.jdbc);

    @BeforeAll
    static void open() {
        depot = new Depot();
    }

    @AfterAll
    static void close() {
        depot.close();
    }

    @BeforeEach
    void clear() {
        depot.clear();
        rows.world();
    }

    /** So many sagas in Bonn that run. */
    private void crowd() {
        StuckRows.lines("one of them | none | i hlc=1").forEach(rows::write);
        depot.jdbc.update("""
                insert into saga_instance
                select (other).* from (
                  select jsonb_populate_record(i, jsonb_build_object(
                           'saga_id', gen_random_uuid(), 'business_key', 'other-' || n,
                           'attributes', jsonb_build_object('town', 'Bonn'))) as other
                    from saga_instance i cross join generate_series(1, ?) n offset 0) o""", StuckSql.MOST);
    }

    private void theirs() {
        StuckRows.lines(THEIRS).forEach(rows::write);
        depot.jdbc.update("update saga_instance set attributes = '{\"town\":\"Ulm\"}' where attributes is null");
    }

    /** Each saga of the crowd has what that line has, but older. */
    private void likewise(String line, String table, String changed) {
        StuckRows.lines("theirs | none | " + line).forEach(rows::write);
        depot.jdbc.update("""
                insert into %1$s
                select r.* from (select * from %1$s order by %3$s desc limit 1) like_this
                 cross join (select saga_id, row_number() over () as n from saga_instance
                              where attributes ->> 'town' = 'Bonn') i
                 cross join lateral jsonb_populate_record(null::%1$s, to_jsonb(like_this) || jsonb_build_object(%2$s)) r""".formatted(table, changed, table.equals("saga_step") ? "held_for" : "1"));
    }

    private Map<String, String> told() {
        Map<String, String> names = StuckRows.lines(THEIRS)
                .collect(Collectors.toMap(line -> line.id().toString(), StuckRows.Line::name));
        return inbox.page(StuckQuery.all().page(null, 500)).sagas().stream()
                .filter(saga -> names.containsKey(saga.sagaId().toString()))
                .collect(Collectors.toMap(
                        saga -> names.get(saga.sagaId().toString()),
                        saga -> saga.reason().name()));
    }

    @Test
    void neither_the_application_s_messages_nor_steps_with_time_left_nor_what_an_operator_holds_are_in_the_way() {
        crowd();
        likewise(
                "o bucket=0 xid=1500 created_at=-900 aggregatetype=orders",
                "saga_outbox",
                "'aggregateid', i.saga_id, 'position', 100000 + i.n, 'id', gen_random_uuid()");
        likewise("s status=PENDING held_for=ants held_since=-5", "saga_step", "'saga_id', i.saga_id");
        depot.jdbc.update("update saga_step set step = 'other'");
        likewise("s status=PENDING held_for=mail held_since=-1500", "saga_step", "'saga_id', i.saga_id");
        theirs();

        assertThat(told()).containsEntry("unsent", "OUTBOX_BLOCKED").containsEntry("held", "REPLY_OVERDUE");
    }
}
