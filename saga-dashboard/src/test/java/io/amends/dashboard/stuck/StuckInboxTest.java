package io.amends.dashboard.stuck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.Depot;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.database.ReadTooSlowException;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.saga.SagaKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How stuck sagas are counted and listed. */
class StuckInboxTest {

    private static Depot depot;

    private final Orchestration orchestration = depot.orchestration();
    private final StuckInbox inbox = new StuckInbox(depot.reads(), StuckAllowances.DEFAULT);

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
    }

    private UUID start(String saga, String key) {
        return orchestration
                .sagas()
                .start(saga, Parcel.of(key), SagaKey.of(key))
                .sagaId();
    }

    /** Stuck since now, because its own code threw. */
    private UUID broken(String key) {
        UUID id = start("delivery", key);
        orchestration.replies().process(List.of(depot.reply(depot.takeLast(), new Collected("unknown van"))));
        return id;
    }

    private List<UUID> ids(StuckQuery query) {
        return inbox.page(query).sagas().stream().map(StuckSaga::sagaId).toList();
    }

    @Test
    void nothing_is_counted_where_nothing_is_stuck() {
        start("delivery", "fine");

        StuckCounts counts = inbox.counts();

        assertThat(counts.total()).isZero();
        assertThat(counts.isAll()).isTrue();
        assertThat(counts.oldest()).isNull();
        assertThat(inbox.page(StuckQuery.all())).isEqualTo(new StuckPage(List.of(), null, true));
    }

    @Test
    void sagas_are_counted_by_reason_definition_and_age() {
        broken("old");
        start("errand", "late");
        depot.take();
        depot.timePasses(Duration.ofMinutes(20));
        orchestration.timers().look();
        broken("new");
        broken("newer");

        StuckCounts counts = inbox.counts();

        assertThat(counts.byReason())
                .isEqualTo(Map.of(StuckReason.NON_RETRYABLE, 3L, StuckReason.DEADLINE_BREACHED, 1L));
        assertThat(counts.byDefinition()).isEqualTo(Map.of("delivery", 3L, "errand", 1L));
        assertThat(counts.byAge()).isEqualTo(Map.of(AgeBucket.MINUTES, 2L, AgeBucket.HOUR, 2L));
        assertThat(counts.total()).isEqualTo(4);
        assertThat(counts.oldest())
                .isEqualTo(inbox.page(StuckQuery.all()).sagas().get(0).since());
    }

    @Test
    void the_longest_stuck_come_first_and_pages_neither_repeat_nor_leave_out() {
        List<UUID> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(broken("k" + i));
        }
        // Some at the same moment, as where a batch got stuck.
        depot.jdbc.update("update saga_instance set stuck_since = date_trunc('minute', stuck_since)"
                + " where business_key in ('k2', 'k3', 'k4')");
        List<UUID> expected = ids(StuckQuery.all());
        assertThat(expected).containsExactlyInAnyOrderElementsOf(all);
        assertThat(expected.subList(0, 3)).containsExactlyInAnyOrder(all.get(2), all.get(3), all.get(4));

        List<UUID> paged = new ArrayList<>();
        StuckQuery query = StuckQuery.all().page(null, 2);
        StuckPage page = inbox.page(query);
        page.sagas().forEach(saga -> paged.add(saga.sagaId()));
        while (page.next() != null) {
            page = inbox.page(query.page(page.next(), 2));
            assertThat(page.sagas()).isNotEmpty();
            page.sagas().forEach(saga -> paged.add(saga.sagaId()));
        }

        assertThat(paged).isEqualTo(expected);
    }

    @Test
    void a_page_has_only_what_was_asked_for() {
        UUID old = broken("old");
        UUID late = start("errand", "late");
        depot.take();
        depot.timePasses(Duration.ofMinutes(20));
        orchestration.timers().look();
        UUID young = broken("young");

        assertThat(ids(StuckQuery.all().because(StuckReason.NON_RETRYABLE))).containsExactly(old, young);
        assertThat(ids(StuckQuery.all().of("errand"))).containsExactly(late);
        assertThat(ids(StuckQuery.all().of("delivery", 1).aged(AgeBucket.HOUR))).containsExactly(old);
        assertThat(ids(StuckQuery.all().of("delivery", 2))).isEmpty();
    }

    @Test
    void a_line_says_where_the_saga_stands() {
        UUID id = broken("k1");

        StuckSaga saga = inbox.page(StuckQuery.all()).sagas().get(0);

        assertThat(saga.sagaId()).isEqualTo(id);
        assertThat(saga.name()).isEqualTo("delivery");
        assertThat(saga.version()).isEqualTo(1);
        assertThat(saga.key()).isEqualTo("k1");
        assertThat(saga.phase().name()).isEqualTo("STUCK");
        assertThat(saga.step()).isEqualTo("collect");
        assertThat(saga.participant()).isEqualTo("vans");
        assertThat(saga.attempts()).isEqualTo(1);
        assertThat(saga.text()).contains("@OnReply method of step 'collect' threw");
        assertThat(saga.revision())
                .isEqualTo(orchestration.sagas().find(id).orElseThrow().revision());
    }

    @Test
    void what_an_older_process_made_stuck_has_a_time_too() {
        UUID id = broken("k1");
        depot.jdbc.update("update saga_instance set stuck_since = null");

        assertThat(ids(StuckQuery.all())).containsExactly(id);
    }

    @Test
    void a_read_that_takes_too_long_is_stopped_and_says_so() {
        BoundedReads reads = new BoundedReads(depot.pool(), Duration.ofMillis(50));

        assertThatThrownBy(() -> reads.read(jdbc -> jdbc.queryForList("select pg_sleep(10)")))
                .isInstanceOf(ReadTooSlowException.class)
                .hasMessageContaining("within PT0.05S");
        assertThat(new BoundedReads(depot.pool(), Duration.ofSeconds(5))
                        .<String>read(jdbc -> jdbc.queryForObject("select 'fine'", String.class)))
                .isEqualTo("fine");
    }

    @Test
    void a_read_changes_nothing() {
        assertThatThrownBy(() -> depot.reads().read(jdbc -> jdbc.update("update saga_instance set reason = 'x'")))
                .hasMessageContaining("read-only");
    }
}
