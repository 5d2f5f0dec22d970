package io.amends.dashboard.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.Depot;
import io.amends.dashboard.failures.FailureGroup;
import io.amends.dashboard.failures.FailureGroups;
import io.amends.dashboard.stuck.AgeBucket;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.stuck.StuckQuery;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.dashboard.stuck.StuckSaga;
import io.amends.dashboard.stuck.StuckSql;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.SagaKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a filter finds. */
class SagaFinderTest {

    private static Depot depot;

    private final Orchestration orchestration = depot.orchestration();
    private final SagaFinder finder = new SagaFinder(depot.reads(), StuckAllowances.DEFAULT);

    private UUID old;
    private UUID broken;
    private UUID errand;
    private UUID message;
    private UUID command;

    @BeforeAll
    static void open() {
        depot = new Depot();
    }

    @AfterAll
    static void close() {
        depot.close();
    }

    /** An old one that waits for the customs, one that is stuck, and one of another definition. */
    @BeforeEach
    void three() {
        depot.clear();
        old = start("delivery", "old");
        Depot.Sent collect = depot.takeLast();
        command = collect.id();
        InboundRecord reply = depot.reply(collect, new Collected("van 7"));
        message = UUID.fromString(
                new String(Objects.requireNonNull(reply.headers().get(WireHeaders.ID)), StandardCharsets.UTF_8));
        orchestration.replies().process(List.of(reply));
        depot.timePasses(Duration.ofHours(2));
        broken = start("delivery", "broken one");
        orchestration.replies().process(List.of(depot.reply(depot.takeLast(), new Collected("unknown van"))));
        errand = start("errand", "old");
        depot.take();
    }

    private UUID start(String saga, String key) {
        return orchestration
                .sagas()
                .start(saga, Parcel.of(key), SagaKey.of(key))
                .sagaId();
    }

    private List<UUID> found(String filter) {
        List<UUID> found = finder.find(SagaFilter.parse(filter), null, 100).sagas().stream()
                .map(FoundSaga::sagaId)
                .toList();
        assertThat(finder.count(SagaFilter.parse(filter), 100)).isEqualTo(found.size());
        return found;
    }

    @Test
    void each_condition_finds_what_it_says() {
        assertThat(found("")).containsExactlyInAnyOrder(old, broken, errand);
        assertThat(found("old")).containsExactlyInAnyOrder(old, errand);
        assertThat(found("key:\"broken one\"")).containsExactly(broken);
        assertThat(found("saga:errand")).containsExactly(errand);
        assertThat(found("version:1")).hasSize(3);
        assertThat(found("version:2")).isEmpty();
        assertThat(found("phase:STUCK")).containsExactly(broken);
        assertThat(found("reason:NON_RETRYABLE")).containsExactly(broken);
        assertThat(found("reason:REPLY_OVERDUE")).isEmpty();
        assertThat(found("at:clear")).containsExactly(old);
        assertThat(found("at:collect")).containsExactly(broken);
        assertThat(found("participant:vans")).containsExactlyInAnyOrder(broken, errand);
        assertThat(found("attr.customer:customer-old")).containsExactly(old);
        assertThat(found("error:\"NO SUCH van\"")).containsExactly(broken);
        assertThat(found("older:1h")).containsExactly(old);
        assertThat(found("created>2026-01-01")).hasSize(3);
        assertThat(found("created<2026-01-01")).isEmpty();
    }

    /** What a list of stuck sagas leads to for an order to many: the same sagas, or an order would reach others than were seen. */
    @Test
    void what_a_list_of_stuck_sagas_shows_is_found_and_nothing_else() {
        depot.timePasses(Duration.ofMinutes(20));
        orchestration.timers().look();
        depot.take();
        UUID young = start("delivery", "young");
        orchestration.replies().process(List.of(depot.reply(depot.takeLast(), new Collected("unknown van"))));
        UUID fine = start("delivery", "fine");
        depot.take();
        StuckInbox inbox = new StuckInbox(depot.reads(), StuckAllowances.DEFAULT);
        Set<StuckReason> reasons = new HashSet<>();

        for (AgeBucket age : Stream.concat(Stream.of((AgeBucket) null), Stream.of(AgeBucket.values()))
                .toList()) {
            List<StuckSaga> listed = inbox.page(
                            age == null ? StuckQuery.all() : StuckQuery.all().aged(age))
                    .sagas();
            listed.forEach(saga -> reasons.add(saga.reason()));
            assertThat(found("stuck:" + (age == null ? "any" : age.name())))
                    .as("stuck for %s", age)
                    .containsExactlyInAnyOrderElementsOf(
                            listed.stream().map(StuckSaga::sagaId).toList());
        }
        assertThat(found("stuck:any")).contains(broken, errand, young).doesNotContain(fine);
        assertThat(reasons)
                .as("also sagas that run")
                .contains(StuckReason.NON_RETRYABLE, StuckReason.DEADLINE_BREACHED);
        assertThat(found("stuck:MINUTES")).containsExactly(young);
        assertThat(found("stuck:MINUTES stuck:any")).isEqualTo(found("stuck:any"));
        assertThat(found("stuck:HOUR reason:NON_RETRYABLE saga:delivery")).containsExactly(broken);
    }

    /** As many more as are ever read of what is stuck, of another customer and stuck for longer. */
    private static void crowdOut(UUID saga) {
        depot.jdbc.update("""
                insert into saga_instance
                select (other).* from (
                  select jsonb_populate_record(i, jsonb_build_object(
                           'saga_id', gen_random_uuid(), 'business_key', 'other-' || n,
                           'attributes', jsonb_build_object('customer', 'somebody else'),
                           'stuck_since', i.stuck_since - interval '1 hour')) as other
                    from saga_instance i cross join generate_series(1, ?) n where i.saga_id = ? offset 0) o""", StuckSql.MOST, saga);
    }

    @Test
    void a_stuck_saga_is_found_by_its_attributes_however_many_others_are_stuck_for_longer() {
        crowdOut(broken);

        String theirs = "attr.customer:\"customer-broken one\" attr.customer:nobody";
        assertThat(found("reason:NON_RETRYABLE " + theirs)).containsExactly(broken);
        assertThat(found("reason:NON_RETRYABLE attr.other:x " + theirs)).isEmpty();
        assertThat(finder.count(SagaFilter.parse("reason:NON_RETRYABLE"), 20_000))
                .isEqualTo(StuckSql.MOST);
    }

    @Test
    void an_id_finds_its_saga_also_where_it_is_a_messages() {
        assertThat(found(errand.toString())).containsExactly(errand);
        assertThat(found("id:" + errand)).containsExactly(errand);
        assertThat(found(message.toString())).containsExactly(old);
        assertThat(found("message:" + message)).containsExactly(old);
        assertThat(found("id:" + message)).isEmpty();
        assertThat(found("message:" + command)).containsExactly(old);
        assertThat(found(command.toString())).containsExactly(old);
    }

    @Test
    void conditions_of_one_kind_are_alternatives_and_those_of_different_kinds_hold_together() {
        assertThat(found("phase:RUNNING phase:STUCK")).hasSize(3);
        assertThat(found("phase:RUNNING saga:delivery")).containsExactly(old);
        assertThat(found("attr.customer:customer-old attr.customer:nobody")).containsExactly(old);
        assertThat(found("attr.customer:customer-old attr.other:x")).isEmpty();
        assertThat(
                        found(
                                "error:nonsense error:van reason:NON_RETRYABLE reason:HOT_RETRY at:collect older:1s saga:delivery"))
                .isEmpty();
        assertThat(found("error:nonsense error:van reason:NON_RETRYABLE reason:HOT_RETRY at:collect saga:delivery"))
                .containsExactly(broken);
    }

    @Test
    void a_process_finds_the_sagas_whose_version_it_has() {
        depot.jdbc.update("insert into saga_node (node, alive_until) values ('shop-1', now())");
        depot.jdbc.update(
                "insert into saga_node_definition (node, saga_name, saga_version) values ('shop-1', 'errand', 1)");

        assertThat(found("node:shop-1")).containsExactly(errand);
        assertThat(found("node:shop-2")).isEmpty();
    }

    @Test
    void a_group_of_failures_finds_its_sagas() {
        FailureGroup group = new FailureGroups(depot.reads(), StuckAllowances.DEFAULT)
                .all(10)
                .get(0);

        assertThat(found("group:" + group.id())).containsExactly(broken);
        assertThat(found("group:0123456789abcdef")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'; drop table saga_instance; --", "%", "_", "\\", "$1", "?", "\u0001", "\u202e"})
    void what_a_filter_says_is_never_a_part_of_the_statement(String text) {
        String quoted = '"' + text.replace("\\", "\\\\") + '"';

        assertThat(found("key:" + quoted + " error:" + quoted + " attr.customer:" + quoted + " at:" + quoted))
                .isEmpty();
        assertThat(found("error:" + quoted)).isEmpty();
    }

    @Test
    void pages_go_from_the_latest_start_back() {
        FoundPage first = finder.find(SagaFilter.ALL, null, 2);
        FoundPage second = finder.find(SagaFilter.ALL, first.next(), 2);

        assertThat(first.sagas()).hasSize(2);
        assertThat(second.sagas()).hasSize(1);
        assertThat(second.next()).isNull();
        assertThat(first.sagas())
                .extracting(FoundSaga::sagaId)
                .doesNotContain(second.sagas().get(0).sagaId());
        assertThatThrownBy(() -> finder.find(SagaFilter.ALL, null, 501)).hasMessageContaining("1 to 500");
    }
}
