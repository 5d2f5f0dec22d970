package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.LogWatch;
import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.ChargeCard;
import io.amends.runtime.Orders.ChargeCardReply;
import io.amends.runtime.Orders.RefundCard;
import io.amends.runtime.Sent;
import io.amends.saga.SagaKey;
import io.amends.saga.definition.InvalidSagaException;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.definition.SagaStages.BeforePivot;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Several versions side by side, and what happens where one is missing or was changed. */
class VersionsTest extends OrderFixture {

    private static BeforePivot<Order> pay(int version) {
        return SagaDefinition.named("pay")
                .version(version)
                .data(Order.class)
                .step("charge", "payments", ChargeCard.class, order -> new ChargeCard(order.id(), version))
                .compensatedBy("payments", RefundCard.class, order -> new RefundCard(order.id()));
    }

    private static SagaRegistry registry(SagaDefinition... definitions) {
        return SagaRegistry.of(List.of(definitions), Map.of());
    }

    private final SagaDefinition one = pay(1).build();
    private final SagaDefinition two = pay(2).pivot(
                    "check", "payments", ChargeCard.class, order -> new ChargeCard(order.id(), 0))
            .build();

    @Test
    void an_instance_ends_on_the_version_that_it_was_started_with() {
        UUID old = bench.orchestration(registry(one))
                .sagas()
                .start("pay", Order.of("old"), SagaKey.of("old"))
                .sagaId();
        Sent command = takeOne();
        Orchestration both = bench.orchestration(registry(one, two));
        UUID young = both.sagas()
                .start("pay", Order.of("young"), SagaKey.of("young"))
                .sagaId();
        Sent other = takeOne();

        both.replies()
                .process(List.of(bench.reply(command, new CardCharged("1")), bench.reply(other, new CardCharged("2"))));

        assertThat(both.sagas().find(old).orElseThrow().phase().name()).isEqualTo("COMPLETED");
        assertThat(both.sagas().find(young).orElseThrow().phase().name()).isEqualTo("RUNNING");
        assertThat(takeOne().step()).isEqualTo("check");
    }

    @Test
    void a_reply_to_a_version_that_is_not_here_waits_and_is_taken_by_a_process_that_has_it() {
        UUID id = bench.orchestration(registry(two))
                .sagas()
                .start("pay", Order.of("k"), SagaKey.of("k"))
                .sagaId();
        Sent command = takeOne();
        Orchestration without = bench.orchestration(registry(one));

        without.replies().process(List.of(bench.reply(command, new CardCharged("1"))));
        without.timers().look();

        assertThat(database.texts("select phase || ' ' || reason_code from saga_instance where saga_id = ?", id))
                .containsExactly("STUCK NO_HANDLER_VERSION");
        assertThat(database.count("saga_inbox_quarantine")).isZero();

        bench.orchestration(registry(one, two)).timers().look();

        assertThat(takeOne().step()).isEqualTo("check");
        assertThat(database.texts("select phase || coalesce(reason_code, '') from saga_instance where saga_id = ?", id))
                .containsExactly("RUNNING");
        assertThat(database.count("saga_waiting_reply")).isZero();
    }

    @Test
    void a_changed_definition_with_unfinished_instances_stops_the_start_and_shows_the_difference() {
        new SagaVersions(bench.jdbc, registry(one)).check();
        bench.orchestration(registry(one)).sagas().start("pay", Order.of("k"), SagaKey.of("k"));
        SagaDefinition changed = SagaDefinition.named("pay")
                .data(Order.class)
                .step("charge", "bank", ChargeCard.class, order -> new ChargeCard(order.id(), 1))
                .compensatedBy("payments", RefundCard.class, order -> new RefundCard(order.id()))
                .onReply(ChargeCardReply.class, (order, reply) -> order)
                .build();

        assertThatThrownBy(() -> new SagaVersions(bench.jdbc, registry(changed)).check())
                .isInstanceOf(InvalidSagaException.class)
                .hasMessageContainingAll(
                        "SAGA-015 pay v1: 1 unfinished instances",
                        "- 1 charge COMPENSATABLE: charge-card to payments",
                        "+ 1 charge COMPENSATABLE: charge-card to bank",
                        "next version");
    }

    @Test
    void a_changed_definition_whose_instances_have_all_ended_is_accepted() {
        new SagaVersions(bench.jdbc, registry(one)).check();
        Orchestration before = bench.orchestration(registry(one));
        before.sagas().start("pay", Order.of("k"), SagaKey.of("k"));
        before.replies().process(List.of(bench.reply(takeOne(), new CardCharged("1"))));
        SagaDefinition changed =
                pay(1).onReply(CardCharged.class, (order, reply) -> order).build();

        assertThatCode(() -> new SagaVersions(bench.jdbc, registry(changed)).check())
                .doesNotThrowAnyException();
    }

    @Test
    void a_missing_version_with_unfinished_instances_is_told_and_does_not_stop_the_start() {
        bench.orchestration(registry(two)).sagas().start("pay", Order.of("k"), SagaKey.of("k"));
        try (LogWatch log = LogWatch.of(SagaVersions.class.getName())) {
            new SagaVersions(bench.jdbc, registry(one)).check();
            assertThat(log.lines())
                    .anySatisfy(line ->
                            assertThat(line).contains("SAGA-014 1 unfinished instances are of 'pay' version 2"));
        }
    }
}
