package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.Bench;
import io.amends.runtime.SagaOperations.Result;
import io.amends.runtime.Sent;
import io.amends.runtime.orchestrator.Shop.BurglarSaga;
import io.amends.runtime.orchestrator.Shop.Done;
import io.amends.runtime.orchestrator.Shop.HastySaga;
import io.amends.runtime.orchestrator.Shop.MirrorSaga;
import io.amends.runtime.orchestrator.Shop.No;
import io.amends.runtime.orchestrator.Shop.Purchase;
import io.amends.runtime.orchestrator.Shop.PurchaseSaga;
import io.amends.runtime.orchestrator.Shop.Recall;
import io.amends.runtime.orchestrator.Shop.Shipment;
import io.amends.runtime.orchestrator.Shop.ShippingSaga;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps that start sagas, and what becomes of both. */
class SubSagasTest extends SubSagaFixture {

    @Test
    void a_step_starts_another_saga_and_goes_on_when_that_completes() {
        UUID purchase = shipping("p1");
        assertThat(open()).containsExactly("pack");
        assertThat(phase(purchase)).isEqualTo("RUNNING");
        assertThat(saga("shipping", "p1").data()).isEqualTo(new Shipment("p1", "Elm Street"));

        answer("pack", new Done());
        answer("hand-over", new Done());
        assertThat(open()).containsExactly("track");
        answer("track", new Done());

        assertThat(phase("shipping", "p1")).isEqualTo("COMPLETED");
        assertThat(note(purchase)).isEqualTo("shipped with p1");
        answer("pay", new Done());
        assertThat(phase(purchase)).isEqualTo("COMPLETED");
    }

    @Test
    void a_command_that_starts_a_saga_carries_its_data_as_payload_and_no_java_name() {
        buy("p1");
        orchestration.replies().process(List.of(bench.reply(take("reserve"), new Done())));
        Sent command = bench.take().get(0);

        assertThat(command.topic()).isEqualTo("saga.shipping.commands");
        assertThat(command.type()).isEqualTo("sub-saga");
        assertThat(command.json()).isEqualTo("{\"address\":\"Elm Street\",\"purchaseId\":\"p1\"}");
        assertThat(command.header(WireHeaders.CHILD_NAME)).isEqualTo("shipping");
        assertThat(command.header(WireHeaders.CHILD_KEY)).isEqualTo("p1");
    }

    @Test
    void a_child_that_was_compensated_is_a_rejection() {
        UUID purchase = shipping("p1");
        answer("pack", new Done());
        answer("hand-over", new No());
        answer("unpack", new Done());

        assertThat(phase("shipping", "p1")).isEqualTo("COMPENSATED");
        assertThat(note(purchase)).startsWith("not shipped: step 'hand-over' was rejected");
        assertThat(phase(purchase)).isEqualTo("COMPENSATING");
        answer("release", new Done());
        assertThat(phase(purchase)).isEqualTo("COMPENSATED");
        assertThat(open()).isEmpty();
    }

    @Test
    void a_repeat_of_the_command_starts_nothing_and_is_answered_once_the_child_has_ended() {
        buy("p1");
        orchestration.replies().process(List.of(bench.reply(take("reserve"), new Done())));
        Sent command = bench.take().get(0);
        carry(command);
        carry(command);
        carry();
        assertThat(open()).containsExactly("pack");
        answer("pack", new Done());
        answer("hand-over", new Done());
        answer("track", new Done());
        carry(command);

        assertThat(bench.take()).extracting(Sent::type).containsExactly("sub-saga-completed");
        assertThat(database.number("select count(*) from saga_instance where saga_name = 'shipping'"))
                .isEqualTo(1);
    }

    @Test
    void the_timeout_of_the_step_sends_the_command_again_which_changes_nothing() {
        UUID purchase = shipping("p1");
        for (int i = 0; i < 12; i++) {
            timePasses(Duration.ofHours(1));
        }
        asked.removeIf(again -> !again.header(WireHeaders.SAGA_ATTEMPT).equals("1"));
        assertThat(phase(purchase)).isEqualTo("RUNNING");
        assertThat(open()).contains("pack");
        assertThat(database.number("select count(*) from saga_sub_saga")).isEqualTo(1);
    }

    @Test
    void a_skipped_step_starts_nothing() {
        sagas.start(PurchaseSaga.class, new Purchase("p1", false, ""), SagaKey.of("p1"));
        carry();
        answer("reserve", new Done());

        assertThat(open()).containsExactly("pay");
        assertThat(database.count("saga_sub_saga")).isZero();
    }

    @Test
    void a_stuck_child_keeps_its_parent_waiting_until_somebody_resolves_it_and_counts_as_that() {
        UUID purchase = shipping("p1");
        UUID child = saga("shipping", "p1").sagaId();
        take("pack");
        assertThat(orchestration.operations().resolve(child, SagaPhase.COMPLETED, ORDER))
                .isEqualTo(Result.DONE);
        carry();
        assertThat(note(purchase)).isEqualTo("shipped with p1");

        UUID second = shipping("p2");
        assertThat(orchestration.operations().resolve(saga("shipping", "p2").sagaId(), SagaPhase.COMPENSATED, ORDER))
                .isEqualTo(Result.DONE);
        carry();
        assertThat(phase(second)).isEqualTo("COMPENSATING");
        assertThat(note(second)).contains("the customer called");
    }

    @Test
    void a_key_that_is_taken_is_refused_and_its_owner_is_left_alone() {
        UUID first = shipping("p1");
        UUID twin = sagas.start(PurchaseSaga.class, Purchase.of("p1"), SagaKey.of("twin"))
                .sagaId();
        carry();
        answer("reserve", new Done());

        assertThat(saga(twin).reason()).contains("sub-saga-refused");
        answer("release", new Done());
        assertThat(phase(twin)).isEqualTo("COMPENSATED");
        assertThat(phase(first)).isEqualTo("RUNNING");
        assertThat(phase("shipping", "p1")).isEqualTo("RUNNING");
        assertThat(database.count("saga_sub_saga")).isEqualTo(1);
    }

    @Test
    void a_key_that_is_taken_by_other_data_is_refused_too() {
        sagas.start(ShippingSaga.class, new Shipment("?", "elsewhere"), SagaKey.of("p1"));
        carry();
        UUID purchase = shipping("p1");

        assertThat(saga(purchase).reason()).contains("sub-saga-refused");
    }

    @Test
    void a_saga_that_starts_itself_with_its_own_key_is_refused_and_ends() {
        UUID mirror =
                sagas.start(MirrorSaga.class, new Recall("m"), SagaKey.of("m")).sagaId();
        carry();

        assertThat(phase(mirror)).isEqualTo("COMPENSATED");
        assertThat(database.count("saga_instance")).isEqualTo(1);
    }

    @Test
    void a_child_that_is_over_at_once_answers_at_once_and_can_be_undone() {
        UUID hasty =
                sagas.start(HastySaga.class, new Recall("h"), SagaKey.of("h")).sagaId();
        carry();
        assertThat(step(hasty, "note")).isEqualTo("SUCCEEDED");
        answer("pay", new No());

        assertThat(phase(hasty)).isEqualTo("COMPENSATED");
        assertThat(phase("instant", "undo-h")).isEqualTo("COMPLETED");
        assertThat(database.count("saga_deferred_reply")).isZero();
    }

    @Test
    void only_sagas_that_are_declared_so_have_commands() {
        assertThat(children).containsOnlyKeys("shipping", "recall", "mirror", "instant", "patient");
    }

    @Test
    void a_command_that_names_a_saga_that_is_not_declared_so_is_quarantined_and_answered_for_good() {
        sagas.start(BurglarSaga.class, new Recall("b"), SagaKey.of("b"));
        Sent command = bench.take().get(0);
        children.get("shipping").process(List.of(command.at(1)));

        assertThat(database.texts("select reason from saga_inbox_quarantine").get(0))
                .contains("'purchase' can't be started through the topic of 'shipping'");
        assertThat(bench.sent()).extracting(Sent::type).containsExactly(ReservedTypes.COMMAND_NOT_UNDERSTOOD);
        assertThat(sagas.find("purchase", SagaKey.of("b"))).isEmpty();
    }

    @Test
    void a_compensation_too_may_name_only_a_saga_that_is_declared_so() {
        sagas.start(BurglarSaga.class, new Recall("b"), SagaKey.of("b"));
        Sent command = bench.take().get(0);
        Map<String, byte[]> headers = new HashMap<>(command.headers());
        headers.put(WireHeaders.SAGA_KIND, "compensation".getBytes(StandardCharsets.UTF_8));
        InboundRecord record = command.at(1);
        children.get("shipping")
                .process(List.of(new InboundRecord(record.topic(), 0, 1, record.key(), record.value(), headers)));

        assertThat(database.count("saga_inbox_quarantine")).isEqualTo(1);
        assertThat(bench.sent()).extracting(Sent::type).containsExactly(ReservedTypes.COMMAND_NOT_UNDERSTOOD);
    }

    @Test
    void parent_and_child_know_each_other() {
        UUID purchase = shipping("p1");
        UUID child = saga("shipping", "p1").sagaId();

        assertThat(saga(purchase).children()).singleElement().satisfies(link -> {
            assertThat(link.sagaId()).isEqualTo(child);
            assertThat(link.step()).isEqualTo("ship");
        });
        assertThat(saga(child).parent()).isNotNull().satisfies(link -> {
            assertThat(link.sagaId()).isEqualTo(purchase);
            assertThat(link.step()).isEqualTo("ship");
        });
        assertThat(saga(purchase).parent()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void the_statements_of_a_poll_that_ends_children_do_not_grow_with_their_number(int size) {
        for (int i = 0; i < size; i++) {
            shipping("p" + i);
            answer("pack", new Done());
            answer("hand-over", new Done());
        }
        List<InboundRecord> tracked = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            tracked.add(bench.reply(take("track"), new Done()));
        }
        bench.watch.forget();
        orchestration.replies().process(tracked);

        assertThat(bench.watch.sentWithout("!"))
                .extracting(sql -> sql.substring(0, Math.min(20, sql.length())))
                .containsExactly(
                        "select saga_id, saga",
                        "select saga_id, step",
                        "with changed as ( up",
                        "select saga_id, role",
                        "with given as ( sele",
                        "insert into saga_out",
                        "COMMIT");
        assertThat(bench.take()).extracting(Sent::type).hasSize(size).containsOnly("sub-saga-completed");
    }

    @Test
    void an_end_that_can_not_be_answered_is_not_stored_either() {
        shipping("p1");
        answer("pack", new Done());
        answer("hand-over", new Done());
        InboundRecord tracked = bench.reply(take("track"), new Done());
        bench.watch.refuse(sql -> sql.contains("with given as"));
        assertThatThrownBy(() -> orchestration.replies().process(List.of(tracked)))
                .isInstanceOf(RuntimeException.class);
        bench.watch.refuse(sql -> false);

        assertThat(phase("shipping", "p1")).isEqualTo("RUNNING");
        orchestration.replies().process(List.of(Bench.again(tracked)));
        carry();
        assertThat(phase("shipping", "p1")).isEqualTo("COMPLETED");
        assertThat(open()).containsExactly("pay");
    }
}
