package io.amends.dashboard.bulk;

import static io.amends.dashboard.Office.ANN;
import static io.amends.dashboard.Office.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.audit.ActionState;
import io.amends.dashboard.audit.AuditQuery;
import io.amends.dashboard.audit.KeyReusedException;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.stuck.StuckSql;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.runtime.SagaOperations.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What one verb over many sagas does, and when it does not go on. */
class BulkRunsTest extends BulkFixture {

    @Test
    void a_preview_counts_and_shows_some_and_does_nothing() {
        List<UUID> ids = stuck(3);
        office.start("runs");
        office.depot.take();

        BulkPreview preview = forecast.preview(STUCK, 1000);

        assertThat(preview.count()).isEqualTo(3);
        assertThat(preview.isAll()).isTrue();
        assertThat(preview.sample()).extracting(BulkPreview.Sample::sagaId).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(forecast.preview(STUCK, 2).count()).isEqualTo(2);
        assertThat(forecast.preview(STUCK, 2).isAll()).isFalse();
        assertThat(office.depot.take()).isEmpty();
    }

    @Test
    void a_preview_tells_where_more_may_be_stuck_than_was_read_of_a_filter_that_asks_what_is_stuck() {
        stuck(2);
        SagaFilter byReason = SagaFilter.parse("reason:NON_RETRYABLE");
        assertThat(forecast.preview(byReason, 1000).isAllRead()).isTrue();
        office.jdbc.update("""
                insert into saga_inbox_quarantine (topic, partition_no, offset_no, record_key, headers, reason_code, reason)
                select 'saga.delivery.replies', 0, n, '', '', 'MALFORMED_PAYLOAD', '' from generate_series(1, ?) n""", StuckSql.MOST);

        BulkPreview preview = forecast.preview(byReason, 1000);

        office.jdbc.update("truncate saga_inbox_quarantine");
        assertThat(preview.count()).isEqualTo(2);
        assertThat(preview.isAll()).isTrue();
        assertThat(preview.isAllRead()).isFalse();
        assertThat(forecast.preview(STUCK, 1000).isAllRead()).isTrue();
    }

    @Test
    void a_dry_run_asks_the_engine_and_changes_nothing() {
        List<UUID> ids = stuck(2);
        UUID paused = office.stuck("paused");
        office.verbs.carryOut(office.order(paused, new ConsoleVerb.Pause(null)));
        List<Map<String, Object>> before = office.jdbc.queryForList("select * from saga_instance order by saga_id");
        office.depot.take();

        DryRun dry = forecast.dryRun(STUCK, new ConsoleVerb.Retry());

        assertThat(dry.counts()).isEqualTo(Map.of(Result.DONE, 2L, Result.NOT_ALLOWED, 1L));
        assertThat(dry.sample())
                .filteredOn(each -> each.result() == Result.DONE)
                .allSatisfy(each -> {
                    assertThat(ids).contains(each.sagaId());
                    assertThat(each.text()).isEqualTo("sends the action of collect to vans, it is RUNNING then");
                });
        assertThat(dry.sample())
                .filteredOn(each -> each.sagaId().equals(paused))
                .singleElement()
                .satisfies(each -> assertThat(each.text()).startsWith("It is paused."));
        assertThat(forecast.dryRun(STUCK, new ConsoleVerb.Resume()).counts())
                .isEqualTo(Map.of(Result.DONE, 1L, Result.NOT_ALLOWED, 2L));
        assertThat(office.depot.take()).isEmpty();
        assertThat(office.jdbc.queryForList("select phase, row_version from saga_instance order by saga_id"))
                .isEqualTo(before.stream()
                        .map(row -> Map.of("phase", row.get("phase"), "row_version", row.get("row_version")))
                        .toList());
    }

    @Test
    void a_dry_run_of_the_first_sagas_alone_says_so() {
        stuck(3);

        DryRun first = forecast.dryRun(STUCK, new ConsoleVerb.Retry(), 2);
        assertThat(first.counts()).isEqualTo(Map.of(Result.DONE, 2L));
        assertThat(first.isAll()).isFalse();
        assertThat(forecast.dryRun(STUCK, new ConsoleVerb.Retry(), 3).isAll()).isTrue();
        assertThat(forecast.dryRun(STUCK, new ConsoleVerb.Retry()).isAll()).isTrue();
    }

    @Test
    void a_run_is_ramped_up_and_each_stage_waits_for_what_came_of_the_one_before() {
        stuck(12);
        BulkWorker worker = worker("one");
        UUID id = started(List.of(1, 5), 0.2).id();

        assertThat(look(worker)).isEqualTo(1);
        assertThat(look(worker)).isZero();
        answerAll("van 7");
        assertThat(look(worker)).isEqualTo(4);
        answerAll("van 7");
        assertThat(look(worker)).isEqualTo(7);
        assertThat(run(id).state()).isEqualTo(BulkState.RUNNING);
        assertThat(run(id).counts()).isEqualTo(Map.of(ItemState.PROGRESSED, 5L, ItemState.ACCEPTED, 7L));
        answerAll("van 7");
        assertThat(look(worker)).isZero();

        assertThat(run(id).state()).isEqualTo(BulkState.DONE);
        assertThat(run(id).endedAt()).isNotNull();
        assertThat(run(id).counts()).isEqualTo(Map.of(ItemState.PROGRESSED, 12L));
        assertThat(orders(id)).isEqualTo(Map.of("lines", 12L, "sagas", 12L));
        assertThat(notes(id)).containsExactly("ann start-run", "ann plan-run");
        assertThat(runs.items(id, ItemState.PROGRESSED, 0, 5))
                .extracting(BulkItem::position)
                .containsExactly(1, 2, 3, 4, 5);
        assertThat(runs.items(id, null, 10, 5))
                .hasSize(2)
                .allSatisfy(item -> assertThat(item.actionId()).isNotNull());
    }

    @Test
    void a_run_that_does_harm_stops_after_its_first_and_goes_on_only_when_somebody_says_so() {
        stuck(8);
        BulkWorker worker = worker("one");
        UUID id = started(List.of(1), 0.2).id();

        look(worker);
        answerAll("unknown van");
        assertThat(look(worker)).isZero();

        assertThat(run(id).state()).isEqualTo(BulkState.STOPPED);
        assertThat(run(id).stateReason()).startsWith("1 of the 1 whose outcome is known failed");
        assertThat(run(id).counts()).isEqualTo(Map.of(ItemState.FAILED_AGAIN, 1L, ItemState.OPEN, 7L));
        assertThat(notes(id)).first().isEqualTo("saga-console stop-run");
        assertThat(look(worker)).isZero();

        runs.resume(id, BOB, "I know why", 1.0);
        assertThat(look(worker)).isEqualTo(7);
        answerAll("van 7");
        look(worker);
        assertThat(run(id).state()).isEqualTo(BulkState.DONE);
        assertThat(run(id).counts()).isEqualTo(Map.of(ItemState.FAILED_AGAIN, 1L, ItemState.PROGRESSED, 7L));
    }

    @Test
    void a_run_without_an_answer_is_no_success_and_stops() {
        stuck(3);
        BulkWorker worker = worker("one");
        UUID id = runs.start(
                        runs.plan(order(List.of(1), 1000, 0.2, Duration.ofMillis(1)))
                                .id(),
                        ANN)
                .id();

        look(worker);
        office.depot.take();
        look(worker);

        assertThat(run(id).state()).isEqualTo(BulkState.STOPPED);
        assertThat(run(id).counts()).isEqualTo(Map.of(ItemState.NO_EFFECT, 1L, ItemState.OPEN, 2L));
    }

    @Test
    void no_more_are_ordered_in_a_second_than_allowed() {
        stuck(8);
        UUID id = runs.start(runs.plan(order(List.of(), 20, 1, LONG)).id(), ANN).id();
        BulkWorker worker = worker("one");

        while (run(id).counts().containsKey(ItemState.OPEN)) {
            worker.look();
        }

        assertThat(office.number("""
                select (extract(epoch from min(gap)) * 1000)::bigint
                  from (select at - lag(at) over (order by at) as gap from saga_bulk_item where run_id = ?) g""", id)).isGreaterThanOrEqualTo(50);
    }

    @Test
    void a_worker_gives_what_the_rate_allows_however_seldom_it_looks() {
        stuck(6);
        UUID id = runs.start(runs.plan(order(List.of(), 20, 1, LONG)).id(), ANN).id();
        BulkWorker worker = worker("one");

        worker.start(Duration.ofMinutes(10));
        try {
            long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (run(id).counts().containsKey(ItemState.OPEN) && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
        } finally {
            worker.stop(Duration.ofSeconds(20));
        }

        assertThat(run(id).counts()).isEqualTo(Map.of(ItemState.ACCEPTED, 6L));
    }

    @Test
    void a_paused_run_begins_nothing_until_it_is_resumed() {
        stuck(6);
        BulkWorker worker = worker("one");
        UUID id = started(List.of(2), 0.2).id();
        assertThat(look(worker)).isEqualTo(2);

        runs.pause(id, BOB, "wait a moment");
        answerAll("van 7");
        assertThat(look(worker)).isZero();
        assertThat(run(id).state()).isEqualTo(BulkState.PAUSED);
        assertThat(run(id).stateReason()).isEqualTo("wait a moment");
        // What came of those that were ordered is told nevertheless.
        assertThat(run(id).counts()).isEqualTo(Map.of(ItemState.PROGRESSED, 2L, ItemState.OPEN, 4L));

        runs.resume(id, BOB, "go on", null);
        assertThat(look(worker)).isEqualTo(4);
        assertThat(notes(id)).containsExactly("bob resume-run", "bob pause-run", "ann start-run", "ann plan-run");
    }

    @Test
    void a_cancelled_run_leaves_the_rest_alone_for_good() {
        stuck(6);
        BulkWorker worker = worker("one");
        UUID id = started(List.of(2), 0.2).id();
        look(worker);

        runs.cancel(id, BOB, "enough");
        answerAll("van 7");
        assertThat(look(worker)).isZero();

        assertThat(run(id).state()).isEqualTo(BulkState.CANCELLED);
        assertThat(run(id).counts()).containsEntry(ItemState.OPEN, 4L);
        assertThat(office.number("select count(*) from saga_instance where phase = 'STUCK'"))
                .isEqualTo(4);
        assertThatThrownBy(() -> runs.resume(id, BOB, "again", null))
                .isInstanceOf(BulkRefusedException.class)
                .hasMessageContaining("CANCELLED");
    }

    @Test
    void nothing_to_do_is_refused_rather_than_done() {
        BulkRun planned = runs.plan(order(List.of(), 10, 0.2, LONG));

        assertThatThrownBy(() -> runs.start(planned.id(), ANN))
                .isInstanceOf(BulkRefusedException.class)
                .hasMessageContaining("No unfinished saga matches 'saga:delivery phase:STUCK'");

        assertThat(run(planned.id()).state()).isEqualTo(BulkState.PREVIEW);
        assertThat(office.trail.page(AuditQuery.ALL.run(planned.id()), null, 10).lines())
                .first()
                .satisfies(line -> {
                    assertThat(line.entry().verb()).isEqualTo("start-run");
                    assertThat(line.state()).isEqualTo(ActionState.REFUSED);
                    assertThat(line.entry().explanation()).startsWith("No unfinished saga matches");
                });
    }

    @Test
    void a_run_that_this_process_can_t_read_does_not_hold_the_others_up() {
        stuck(2);
        UUID unknown = started(List.of(), 1).id();
        office.jdbc.update("update saga_bulk_run set verb = 'of-a-newer-version' where run_id = ?", unknown);
        UUID id = started(List.of(), 1).id();

        assertThat(look(worker("one"))).isEqualTo(2);

        assertThat(office.number("select count(*) from saga_bulk_item where run_id = ? and state = 'ACCEPTED'", id))
                .isEqualTo(2);
    }

    @Test
    void a_saga_that_went_on_by_itself_is_left_alone_and_is_no_failure() {
        List<UUID> ids = stuck(2);
        UUID id = started(List.of(), 0).id();
        office.verbs.carryOut(office.order(ids.get(0), new ConsoleVerb.Retry()));
        office.depot.take();

        look(worker("one"));
        assertThat(answerAll("van 7")).hasSize(1);
        look(worker("one"));

        assertThat(run(id).state()).isEqualTo(BulkState.DONE);
        assertThat(run(id).counts()).isEqualTo(Map.of(ItemState.CHANGED, 1L, ItemState.PROGRESSED, 1L));
        assertThat(runs.items(id, ItemState.CHANGED, 0, 10))
                .singleElement()
                .satisfies(item -> assertThat(item.detail()).contains("RetryNow by ann"));
    }

    @Test
    void a_saga_that_can_t_be_moved_does_not_hold_the_others_up() {
        List<UUID> ids = stuck(3);
        UUID id = started(List.of(), 1).id();
        office.jdbc.execute("alter table saga_outbox add constraint full_for_one check (aggregateid <> '%s') not valid"
                .formatted(ids.get(1)));
        try {
            look(worker("one"));
        } finally {
            office.jdbc.execute("alter table saga_outbox drop constraint full_for_one");
        }
        answerAll("van 7");
        look(worker("one"));

        assertThat(run(id).state()).isEqualTo(BulkState.DONE);
        assertThat(run(id).counts()).isEqualTo(Map.of(ItemState.THREW, 1L, ItemState.PROGRESSED, 2L));
        assertThat(office.phase(ids.get(1))).isEqualTo("STUCK");
        assertThat(office.lines(ids.get(1)))
                .singleElement()
                .satisfies(line -> assertThat(line.entry().result()).isEqualTo("THREW"));
    }

    @Test
    void where_two_are_needed_another_one_starts_what_one_planned() {
        stuck(1);
        BulkRuns strict = runs(office.verbs, true);
        BulkRuns ofVerb = runs(office.verbs(office.orchestration.operations(), Set.of("retry")), false);
        UUID id = strict.plan(order(List.of(), 1000, 0.2, LONG)).id();

        assertThatThrownBy(() -> strict.start(id, ANN)).hasMessageContaining("needs a second person");
        assertThatThrownBy(() -> ofVerb.start(id, ANN)).hasMessageContaining("needs a second person");
        strict.start(id, BOB);
        look(worker("one"));

        assertThat(run(id).approvedBy()).isEqualTo("bob");
        assertThat(office.number(
                        "select count(*) from saga_console_action where run_id = ? and actor = 'ann' and approved_by = 'bob' and verb = 'retry'",
                        id))
                .isEqualTo(1);
    }

    @Test
    void an_order_that_makes_no_sense_is_refused() {
        assertThatThrownBy(() -> order(List.of(10, 5), 1, 0.2, LONG)).hasMessageContaining("[10, 5]");
        assertThatThrownBy(() -> order(List.of(), 0, 0.2, LONG)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> order(List.of(), 1, 1.2, LONG)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> order(List.of(), 1, 0.2, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThat(BulkOrder.of(new ConsoleVerb.Retry(), SagaFilter.ALL, ANN, "why")
                        .ramp())
                .containsExactly(1, 10, 100);
    }

    @Test
    void a_repeat_under_the_same_key_plans_and_changes_nothing_more() {
        stuck(2);
        String key = UUID.randomUUID().toString();
        BulkOrder order = order(List.of(1), 1000, 0.2, LONG);
        UUID id = runs.plan(order, key).id();

        assertThat(runs.plan(order, key).id()).isEqualTo(id);
        assertThatThrownBy(() -> runs.plan(order(List.of(1), 1000, 0.5, LONG), key))
                .isInstanceOf(KeyReusedException.class);
        runs.start(id, ANN, key + "start");
        assertThat(runs.start(id, ANN, key + "start").state()).isEqualTo(BulkState.RUNNING);
        runs.pause(id, ANN, "wait", key + "pause");
        runs.resume(id, ANN, "go on", 0.5, key + "resume");
        assertThat(runs.pause(id, ANN, "wait", key + "pause").state())
                .as("what it was paused for is over")
                .isEqualTo(BulkState.RUNNING);
        assertThatThrownBy(() -> runs.resume(id, ANN, "go on", 0.9, key + "resume"))
                .isInstanceOf(KeyReusedException.class);
        runs.cancel(id, ANN, "enough", key + "cancel");
        runs.cancel(id, ANN, "enough", key + "cancel");

        assertThat(notes(id))
                .containsExactly("ann cancel-run", "ann resume-run", "ann pause-run", "ann start-run", "ann plan-run");
        assertThat(runs.latest()).hasSize(1);
    }

    @Test
    void runs_over_some_sagas_are_listed_however_many_others_were_planned_later() {
        SagaFilter some = SagaFilter.parse("attr.customer:customer-a");
        BulkOrder theirs = BulkOrder.of(new ConsoleVerb.Retry(), some, ANN, "why");
        List<UUID> ids = List.of(runs.plan(theirs).id(), runs.plan(theirs).id());
        BulkOrder others = order(List.of(), 1, 0.2, LONG);
        IntStream.range(0, 101).forEach(i -> runs.plan(others));

        assertThat(runs.latest(some.text()::equals)).extracting(BulkRun::id).containsExactly(ids.get(1), ids.get(0));
        assertThat(runs.latest(filter -> true)).isEqualTo(runs.latest()).hasSize(100);
        assertThat(runs.latest(filter -> false)).isEmpty();
    }
}
