package io.amends.dashboard.stuck;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Depot;
import io.amends.dashboard.failures.FailureGroups;
import io.amends.dashboard.failures.FoundGroups;
import io.amends.dashboard.failures.GroupQuery;
import io.amends.dashboard.search.FoundPage;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.search.SagaFinder;
import io.amends.dashboard.tenants.TenantScope;
import io.amends.outbox.Buckets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
            parked     | OUTBOX_BLOCKED 100      | k since=-100
            unsent     | OUTBOX_BLOCKED 90       | o bucket=0 xid=2000 created_at=-90
            unreadable | QUARANTINED_MESSAGE 50  | s first_sent_at=-60 | q quarantined_at=-50
            held       | REPLY_OVERDUE 75        | s status=PENDING held_for=vans held_since=-675
            """;

    private static final TenantScope ULM = TenantScope.of("town", List.of("Ulm"));

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
        crowd("i hlc=1");
    }

    /** So many sagas in Bonn that are like that. */
    private void crowd(String one) {
        crowd(one, StuckSql.MOST);
    }

    private void crowd(String one, int number) {
        StuckRows.lines("one of them | none | " + one).forEach(rows::write);
        depot.jdbc.update("""
                insert into saga_instance
                select (other).* from (
                  select jsonb_populate_record(i, jsonb_build_object(
                           'saga_id', gen_random_uuid(), 'business_key', 'other-' || n,
                           'attributes', jsonb_build_object('town', 'Bonn'))) as other
                    from saga_instance i cross join generate_series(1, ?) n offset 0) o""", number);
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

    private Map<String, String> told(TenantScope scope) {
        Map<String, String> names = StuckRows.lines(THEIRS)
                .collect(Collectors.toMap(line -> line.id().toString(), StuckRows.Line::name));
        return inbox.page(StuckQuery.all().page(null, 500), scope).sagas().stream()
                .filter(saga -> names.containsKey(saga.sagaId().toString()))
                .collect(Collectors.toMap(
                        saga -> names.get(saga.sagaId().toString()),
                        saga -> saga.reason().name()));
    }

    @Test
    void a_tenant_s_sagas_are_told_behind_ten_thousand_of_others_and_whoever_sees_all_is_told_that_there_are_more() {
        crowd();
        likewise("k since=-900", "saga_parked_key", "'aggregateid', i.saga_id");
        likewise(
                "o bucket=0 xid=1500 created_at=-900",
                "saga_outbox",
                "'aggregateid', i.saga_id, 'position', 100000 + i.n, 'id', gen_random_uuid()");
        likewise(
                "q quarantined_at=-900",
                "saga_inbox_quarantine",
                "'offset_no', 100000 + i.n, 'record_key', '\\x' || encode(convert_to(i.saga_id::text, 'UTF8'), 'hex')");
        likewise("s status=PENDING held_for=vans held_since=-1500", "saga_step", "'saga_id', i.saga_id");
        theirs();
        // As autovacuum does soon; until then the planner joins by nested loops, which takes minutes.
        depot.jdbc.execute("analyze saga_instance, saga_step, saga_outbox, saga_inbox_quarantine, saga_parked_key");

        assertThat(told(ULM))
                .isEqualTo(Map.of(
                        "parked", "OUTBOX_BLOCKED",
                        "unsent", "OUTBOX_BLOCKED",
                        "unreadable", "QUARANTINED_MESSAGE",
                        "held", "REPLY_OVERDUE"));
        assertThat(inbox.counts(ULM).isAll()).isTrue();
        assertThat(inbox.counts().isAll()).isFalse();
        expectOneByOne();
    }

    /** Whoever asks for one saga is told of it, though the list ends before it. */
    private void expectOneByOne() {
        Map<String, UUID> ids =
                StuckRows.lines(THEIRS).collect(Collectors.toMap(StuckRows.Line::name, StuckRows.Line::id));
        assertThat(verdict(ids.get("parked"))).isEqualTo("OUTBOX_BLOCKED 100");
        assertThat(verdict(ids.get("unreadable"))).isEqualTo("QUARANTINED_MESSAGE 50");
        assertThat(verdict(ids.get("held"))).isEqualTo("REPLY_OVERDUE 75");

        // All messages in its lane, its own behind ten thousand others; its history says when it was sent.
        UUID unsent = Objects.requireNonNull(ids.get("unsent"));
        int bucket = Buckets.of(unsent.toString());
        depot.jdbc.update("update saga_outbox set position = 1000000 where aggregateid = ?", unsent.toString());
        depot.jdbc.update("update saga_outbox set bucket = ?", bucket);
        assertThat(verdict(unsent)).as("with nothing sent").isEqualTo("none");
        sent(unsent, 1, 901);
        assertThat(verdict(unsent)).as("sent before the first that waits").isEqualTo("none");
        sent(unsent, 2, 30);
        assertThat(verdict(unsent)).as("sent just now").isEqualTo("none");
        sent(unsent, 3, 90);
        assertThat(verdict(unsent)).isEqualTo("OUTBOX_BLOCKED 90");
        depot.jdbc.update("update saga_outbox set bucket = ?", bucket ^ 1);
        assertThat(verdict(unsent)).as("another lane's messages wait").isEqualTo("none");
    }

    private void sent(UUID sagaId, int clock, int secondsAgo) {
        depot.jdbc.update(
                "insert into saga_history (saga_id, hlc, event, participant, disposition, phase, at) values (?, ?, 'Sent', 'vans', 'ACCEPTED', 'RUNNING', ?::timestamptz)",
                sagaId,
                clock,
                rows.now().minusSeconds(secondsAgo).toString());
    }

    private String verdict(@Nullable UUID sagaId) {
        return inbox.verdict(Objects.requireNonNull(sagaId))
                .map(verdict -> verdict.reason() + " "
                        + Duration.between(verdict.since(), rows.now()).toSeconds())
                .orElse("none");
    }

    @Test
    void where_more_waits_than_is_read_it_is_told_that_more_may_be_stuck() {
        theirs();
        unreadable(StuckSql.MOST);
        assertThat(inbox.counts().isAll()).isFalse();
        assertThat(inbox.counts(TenantScope.ALL, new StuckMoney.Attributes("amount", null))
                        .isAll())
                .isFalse();
        assertThat(inbox.page(StuckQuery.all()).isAll()).isFalse();
        expectGroupsAndSearchToTell(true);
        assertThat(inbox.counts(ULM).isAll()).isTrue();
        assertThat(inbox.page(StuckQuery.all(), ULM).isAll()).isTrue();

        unreadable(StuckSql.FURTHER - StuckSql.MOST);
        assertThat(inbox.counts(ULM).isAll()).isFalse();
        assertThat(inbox.page(StuckQuery.all(), ULM).isAll()).isFalse();
        TenantScope nobody = TenantScope.of("town", List.of("Nowhere"));
        assertThat(inbox.counts(nobody).total()).isZero();
        assertThat(inbox.counts(nobody).isAll()).isFalse();
        assertThat(inbox.page(StuckQuery.all(), nobody)).isEqualTo(new StuckPage(List.of(), null, false));
    }

    @Test
    void where_more_are_stuck_than_are_read_pages_tell_it_as_counts_do() {
        crowd("i phase=STUCK reason_code=RETRIES_EXHAUSTED stuck_since=-600");

        assertThat(inbox.counts().isAll()).isFalse();
        assertThat(inbox.page(StuckQuery.all()).isAll()).isFalse();
    }

    private static void expectGroupsAndSearchToTell(boolean isCut) {
        FailureGroups groups = new FailureGroups(depot.reads(), StuckAllowances.DEFAULT);
        SagaFinder finder = new SagaFinder(depot.reads(), StuckAllowances.DEFAULT);
        assertThat(groups.find(GroupQuery.ALL, 10).isAll()).isEqualTo(!isCut);
        assertThat(groups.find(GroupQuery.of("nothing"), 10)).isEqualTo(new FoundGroups(List.of(), !isCut));
        assertThat(finder.find(SagaFilter.parse("reason:REPLY_OVERDUE"), null, 10)
                        .isAll())
                .isEqualTo(!isCut);
        assertThat(finder.find(SagaFilter.parse("group:0123456789abcdef"), null, 10))
                .isEqualTo(new FoundPage(List.of(), null, !isCut));
        assertThat(finder.find(SagaFilter.parse("phase:RUNNING"), null, 10).isAll())
                .as("of a search that does not ask what is stuck")
                .isTrue();
    }

    @Test
    void where_less_is_stuck_than_is_read_groups_and_search_tell_that_it_is_all() {
        theirs();

        expectGroupsAndSearchToTell(false);
    }

    @Test
    void steps_that_wait_for_people_count_one_by_one_however_few_sagas_have_them() {
        StuckRows.lines("asks many | none | s step=0 sla_at=-100").forEach(rows::write);
        String more = """
                insert into saga_step
                select r.* from saga_step s cross join generate_series(?, ?) n
                 cross join lateral jsonb_populate_record(s, jsonb_build_object('step', n)) r where s.step = '0'""";
        depot.jdbc.update(more, 1, StuckSql.MOST - 2);
        assertThat(inbox.counts().total()).isEqualTo(1);
        assertThat(inbox.counts().isAll()).isTrue();

        depot.jdbc.update(more, StuckSql.MOST - 1, StuckSql.MOST - 1);
        assertThat(inbox.counts().total()).isEqualTo(1);
        assertThat(inbox.counts().isAll()).isFalse();
        assertThat(inbox.page(StuckQuery.all()).isAll()).isFalse();
    }

    @Test
    void more_of_several_kinds_than_are_read_of_one_are_all() {
        crowd("i phase=STUCK reason_code=RETRIES_EXHAUSTED stuck_since=-600", StuckSql.MOST - 10);
        StuckRows.lines(IntStream.range(0, 20)
                        .mapToObj(i -> "late " + i + " | none | i overdue=true deadline_at=-60 created_at=-60")
                        .collect(Collectors.joining("\n")))
                .forEach(rows::write);

        assertThat(inbox.counts().total()).isGreaterThan(StuckSql.MOST);
        assertThat(inbox.counts().isAll()).isTrue();
    }

    /** How long that takes is so a matter of what is stuck, and not of how many sagas there are. */
    @Test
    void the_first_page_reads_sagas_and_steps_by_their_indexes_alone() {
        crowd();
        likewise("s status=SENT attempts=1 first_sent_at=-5", "saga_step", "'saga_id', i.saga_id");
        tenTimesAsManyHaveEnded();
        theirs();
        StuckRows.lines(
                        "exhausted | RETRIES_EXHAUSTED 600 | i phase=STUCK reason_code=RETRIES_EXHAUSTED stuck_since=-600")
                .forEach(rows::write);
        depot.jdbc.execute("analyze saga_instance, saga_step, saga_outbox, saga_inbox_quarantine, saga_parked_key");
        StuckInbox.Statement page = inbox.statement(StuckQuery.all(), TenantScope.ALL);

        List<String> plan =
                depot.jdbc.query("explain " + page.sql(), page.arguments(), (row, number) -> row.getString(1));

        assertThat(inbox.page(StuckQuery.all()).sagas()).hasSizeGreaterThanOrEqualTo(5);
        assertThat(plan)
                .anyMatch(line -> line.matches(".*Index (Only )?Scan using \\w+ on saga_instance\\b.*"))
                .noneMatch(line -> line.matches(".*Seq Scan on (saga_instance|saga_step)\\b.*"));
    }

    /** As everywhere after a while; of a table that has hardly more than what runs, all may well be read. */
    private void tenTimesAsManyHaveEnded() {
        depot.jdbc.update("""
                insert into saga_instance
                select (ended).* from (
                  select jsonb_populate_record(i, jsonb_build_object(
                           'saga_id', gen_random_uuid(), 'business_key', i.business_key || '-' || n, 'phase', 'COMPLETED')) as ended
                    from saga_instance i cross join generate_series(1, 10) n offset 0) o""");
    }

    /** So many messages for sagas that are not here any more. */
    private void unreadable(int number) {
        depot.jdbc.update("""
                insert into saga_inbox_quarantine (topic, partition_no, offset_no, record_key, headers, reason_code, reason, quarantined_at)
                select 'saga.table.replies', ?, n, convert_to(gen_random_uuid()::text, 'UTF8'), '', 'MALFORMED_PAYLOAD', '',
                       clock_timestamp() - interval '1 day'
                  from generate_series(1, ?) n""", number, number);
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

        assertThat(told(TenantScope.ALL))
                .containsEntry("unsent", "OUTBOX_BLOCKED")
                .containsEntry("held", "REPLY_OVERDUE");
    }
}
