package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.Bench;
import io.amends.runtime.LogWatch;
import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.CardDeclined;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.Sent;
import io.amends.runtime.TestDatabase;
import io.amends.runtime.flow.FlowControl;
import io.amends.runtime.flow.ParticipantFlow.State;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.saga.SagaKey;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A participant that gives no answer is not asked further; everything about it is shared by all processes. */
class CircuitBreakerTest extends FlowFixture {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final byte[] NOTHING = {};

    /** Three sagas wait for payments in vain: each was sent twice by the time it opens. */
    private List<UUID> opened() {
        List<UUID> sagas =
                IntStream.range(0, 3).mapToObj(i -> one.start("k" + i)).toList();
        one.timePasses(MINUTE);
        one.look();
        other.look();
        assertThat(participant("payments").state()).isEqualTo(State.OPEN);
        bench.take();
        return sagas;
    }

    @Test
    void missing_replies_in_a_row_open_it_in_all_processes() {
        opened();

        UUID saga = other.start("later");

        assertThat(taken()).isEmpty();
        assertThat(saga(saga).phase().name()).isEqualTo("RUNNING");
        assertThat(saga(saga).steps().get(0).heldFor()).isEqualTo("payments");
        assertThat(participant("payments").failures()).isEqualTo(3);
        assertThat(participant("payments").waitingSteps()).isEqualTo(1);
        assertThat(participant("payments").waitingSince()).isNotNull();
    }

    @Test
    void fewer_than_the_limit_do_not_and_an_answer_counts_from_zero_again() {
        UUID first = one.start("a");
        one.start("b");
        List<Sent> sent = bench.take();
        one.timePasses(MINUTE);
        one.look();
        assertThat(participant("payments").failures()).isEqualTo(2);

        Sent toFirst =
                sent.stream().filter(s -> s.sagaId().equals(first)).findFirst().orElseThrow();
        other.deliver(bench.reply(toFirst, new CardCharged("7")));
        other.look();
        assertThat(participant("payments").failures()).isZero();

        one.timePasses(MINUTE);
        one.look();
        assertThat(participant("payments").state()).isEqualTo(State.CLOSED);
        assertThat(participant("payments").failures()).isEqualTo(1);
    }

    @Test
    void an_answer_that_follows_failures_before_the_process_looks_outweighs_them() {
        IntStream.range(0, 3).forEach(i -> one.start("k" + i));
        Sent charge = bench.take().get(0);
        one.timePasses(MINUTE);
        one.deliver(bench.reply(charge, new CardCharged("7")));

        one.look();

        assertThat(one.operations().participants()).isEmpty();
    }

    @Test
    void what_two_processes_see_is_added_up() {
        one.start("a");
        one.timePasses(MINUTE);
        one.start("b");
        one.start("c");
        other.timePasses(MINUTE);
        other.timePasses(MINUTE);

        one.look();
        assertThat(participant("payments").state()).isEqualTo(State.CLOSED);
        other.look();
        assertThat(participant("payments").state()).isEqualTo(State.OPEN);
    }

    @Test
    void while_it_is_open_no_attempt_is_spent_however_long_it_takes() {
        List<UUID> sagas = opened();
        for (int minute = 0; minute < 60; minute++) {
            one.timePasses(MINUTE);
        }

        assertThat(taken()).isEmpty();
        for (UUID saga : sagas) {
            assertThat(attempts(saga, "charge")).isEqualTo(2);
            assertThat(phase(saga)).isEqualTo("RUNNING");
            assertThat(heldFor(saga)).containsExactly("payments");
        }
    }

    @Test
    void after_the_pause_a_few_that_waited_longest_probe_and_one_process_alone_sends_them() {
        opened();
        List<UUID> held =
                IntStream.range(0, 5).mapToObj(i -> other.start("held" + i)).toList();
        one.timePasses(Duration.ofSeconds(9));
        one.look();
        assertThat(taken()).isEmpty();

        one.timePasses(Duration.ofSeconds(1));
        other.look();
        one.look();

        assertThat(participant("payments").state()).isEqualTo(State.HALF_OPEN);
        assertThat(bench.take().stream().map(Sent::sagaId)).containsExactlyElementsOf(held.subList(0, 2));
        assertThat(history(held.get(0))).containsExactly("Started ACCEPTED", "Admitted charge action ACCEPTED");
        one.start("behind");
        assertThat(taken()).isEmpty();
    }

    @Test
    void any_answer_closes_it_and_what_waited_goes_on() {
        opened();
        List<UUID> held =
                IntStream.range(0, 5).mapToObj(i -> other.start("held" + i)).toList();
        one.timePasses(Duration.ofSeconds(10));
        one.look();
        Sent probe = bench.take().get(0);

        one.deliver(bench.reply(probe, new CardDeclined("no money")));
        one.look();

        assertThat(participant("payments").state()).isEqualTo(State.CLOSED);
        assertThat(bench.take().stream().map(Sent::sagaId)).containsExactlyElementsOf(held.subList(2, 5));
        assertThat(held.subList(2, 5))
                .allSatisfy(saga -> assertThat(attempts(saga, "charge")).isEqualTo(1));
        other.look();
        other.start("next");
        assertThat(taken()).containsExactly("charge-card");
    }

    @Test
    void probes_without_an_answer_are_followed_by_a_longer_pause_up_to_a_bound() {
        opened();
        other.start("held");
        for (int seconds : List.of(10, 15, 15)) {
            assertThat(Duration.between(
                            participant("payments").since(),
                            participant("payments").until()))
                    .isEqualTo(Duration.ofSeconds(seconds));
            one.timePasses(Duration.ofSeconds(seconds));
            one.look();
            assertThat(participant("payments").state()).isEqualTo(State.HALF_OPEN);
            one.timePasses(Duration.ofSeconds(30));
            one.look();
            assertThat(participant("payments").state()).isEqualTo(State.OPEN);
            one.start("another after " + seconds + bench.take().size());
        }
    }

    @Test
    void a_process_that_can_not_move_the_waiting_sagas_on_leaves_the_probes_to_one_that_can() {
        opened();
        UUID held = other.start("held");
        one.timePasses(Duration.ofSeconds(10));
        FlowControl startsOnly = new FlowControl(bench.jdbc, bench.transactions, settings());

        startsOnly.look(FlowControl.Admission.NONE);
        startsOnly.look(bench.orchestration(SagaRegistry.of(List.of(), Map.of()), startsOnly)
                .admission());
        assertThat(participant("payments").state()).isEqualTo(State.OPEN);

        one.look();
        assertThat(bench.take().stream().map(Sent::sagaId)).containsExactly(held);
    }

    @Test
    void technical_errors_count_but_not_those_that_lie_in_the_command() {
        List<Sent> sent = IntStream.range(0, 6)
                .mapToObj(i -> one.start("k" + i))
                .map(saga -> bench.take().get(0))
                .toList();
        for (Sent command : sent.subList(0, 3)) {
            one.deliver(
                    bench.reply(command, "payments", ReservedTypes.HANDLER_FAILED_FOR_GOOD, Outcome.ERROR, NOTHING));
        }
        one.look();
        assertThat(one.operations().participants()).isEmpty();

        for (Sent command : sent.subList(3, 6)) {
            one.deliver(bench.reply(command, "payments", ReservedTypes.HANDLER_FAILED, Outcome.ERROR, NOTHING));
        }
        one.look();
        assertThat(participant("payments").state()).isEqualTo(State.OPEN);
    }

    @Test
    void another_participant_s_commands_flow() {
        opened();
        one.startOrder("order");

        Sent reserve = bench.take().get(0);
        assertThat(reserve.type()).isEqualTo("reserve-stock");
        one.deliver(bench.reply(reserve, new StockReserved("A1")));

        assertThat(taken()).isEmpty();
        assertThat(heldFor(reserve.sagaId())).containsExactly("payments");
    }

    @Test
    void compensations_are_sent_to_whoever_is_held() {
        UUID saga = one.startOrder("order");
        Sent reserve = bench.take().get(0);
        one.deliver(bench.reply(reserve, new StockReserved("A1")));
        Sent charge = bench.take().get(0);
        one.operations().hold("warehouse", ORDER);
        one.look();

        one.deliver(bench.reply(charge, new CardDeclined("no money")));

        assertThat(taken()).containsExactly("release-stock");
        assertThat(phase(saga)).isEqualTo("COMPENSATING");
    }

    @Test
    void a_held_saga_still_has_its_deadline_and_needs_no_compensation_for_what_was_never_sent() {
        one.operations().hold("warehouse", ORDER);
        one.look();
        UUID saga = one.startOrder("order");

        one.timePasses(Duration.ofMinutes(10));

        assertThat(phase(saga)).isEqualTo("COMPENSATED");
        assertThat(heldFor(saga)).isEmpty();
        assertThat(taken()).isEmpty();
    }

    @Test
    void a_saga_that_can_not_be_read_does_not_take_the_probes_of_the_others_for_ever() {
        opened();
        UUID broken = other.start("broken");
        UUID broken2 = other.start("broken too");
        UUID healthy = other.start("healthy");
        database.jdbc().update("update saga_instance set data = 'no json' where saga_id in (?, ?)", broken, broken2);
        one.timePasses(Duration.ofSeconds(10));
        one.look();
        assertThat(taken()).isEmpty();

        one.timePasses(Duration.ofSeconds(30));
        one.look();
        one.timePasses(Duration.ofSeconds(15));
        one.look();
        assertThat(bench.take().stream().map(Sent::sagaId)).containsExactly(healthy);
    }

    @Test
    void each_change_is_logged_once_by_the_process_that_saw_it() {
        try (LogWatch log = LogWatch.of(FlowControl.class.getName())) {
            one.start("early");
            Sent charge = bench.take().get(0);
            one.timePasses(MINUTE);
            one.look();
            one.deliver(bench.reply(charge, new CardCharged("7")));
            one.look();
            assertThat(participant("payments").failures()).isZero();
            bench.take();
            opened();
            one.start("held");
            one.look();
            one.timePasses(Duration.ofSeconds(10));
            one.look();
            other.look();
            one.look();
            one.deliver(bench.reply(bench.take().get(0), new CardCharged("7")));
            one.look();
            other.look();
            assertThat(log.lines()).hasSize(3);
            assertThat(log.lines().get(0))
                    .isEqualTo(
                            "WARN Participant 'payments' failed 3 times without an answer in between: commands for it are held, and it is probed in PT10S");
            assertThat(log.lines().get(1)).isEqualTo("INFO Participant 'payments' is probed");
            assertThat(log.lines().get(2)).startsWith("INFO Participant 'payments' answers again after PT");
        }
    }

    @Test
    void the_index_of_what_waits_leaves_the_updates_of_other_steps_within_their_page() {
        try (TestDatabase own = TestDatabase.create()) {
            Bench there = new Bench(own);
            Orchestration orchestration = there.orchestration(registry());
            for (int i = 0; i < 20; i++) {
                orchestration.sagas().start(HolidaySaga.class, Order.of("k" + i), SagaKey.of("k" + i));
            }
            for (Sent charge : there.take()) {
                orchestration.replies().process(List.of(there.reply(charge, new CardCharged("7"))));
            }

            // The server gathers such numbers with a delay.
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(
                                    own.row(
                                            "select n_tup_upd as updates, n_tup_hot_upd as within from pg_stat_user_tables where relname = 'saga_step'"))
                            .containsEntry("updates", 20L)
                            .containsEntry("within", 20L));
        }
    }

    @Test
    void while_all_is_well_a_poll_costs_nothing_more_and_a_look_only_reads() {
        one.start("k");
        Sent charge = bench.take().get(0);
        bench.watch.forget();
        one.deliver(bench.reply(charge, new CardCharged("7")));
        assertThat(bench.watch.sent()).noneMatch(sql -> sql.contains("flow")).hasSize(4);

        bench.watch.forget();
        one.look();
        assertThat(bench.watch.sent()).hasSize(4).last().isEqualTo("COMMIT");
        assertThat(bench.watch.sent().subList(0, 3))
                .allMatch(sql -> sql.startsWith("select") || sql.startsWith("with"));
        assertThat(database.count("saga_participant_flow")).isZero();
    }
}
