package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.Background;
import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.OutOfStock;
import io.amends.runtime.SagaOverloadedException;
import io.amends.runtime.Sent;
import io.amends.runtime.flow.FlowSettings;
import io.amends.runtime.flow.FlowSettings.Breaking;
import io.amends.runtime.flow.FlowSettings.Starting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much may be on its way: per participant, per saga, and while the outbox is not emptied. */
class FlowLimitsTest extends FlowFixture {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Override
    FlowSettings settings() {
        return new FlowSettings(
                Breaking.DEFAULT,
                new Starting(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMillis(50)),
                Map.of("place-order", 2),
                Map.of("payments", 2));
    }

    private Process patient() {
        return new Process(new FlowSettings(
                Breaking.DEFAULT,
                new Starting(Duration.ofSeconds(10), null, LONG),
                Map.of("place-order", 2),
                Map.of()));
    }

    private void outboxWaitsFor(Duration time) {
        database.jdbc()
                .update(
                        "update saga_outbox set created_at = clock_timestamp() - ?::interval",
                        time.toMillis() + " milliseconds");
    }

    @Test
    void a_participant_gets_as_many_actions_as_its_limit_and_the_others_wait_in_order() {
        List<UUID> sagas =
                IntStream.range(0, 6).mapToObj(i -> one.start("k" + i)).toList();
        List<Sent> sent = bench.take();
        assertThat(sent.stream().map(Sent::sagaId)).containsExactlyElementsOf(sagas.subList(0, 2));
        one.look();
        assertThat(taken()).isEmpty();
        assertThat(participant("payments").waitingSteps()).isEqualTo(4);

        one.deliver(bench.reply(sent.get(0), new CardCharged("7")));
        one.look();

        assertThat(bench.take().stream().map(Sent::sagaId)).containsExactly(sagas.get(2));
        assertThat(attempts(sagas.get(2), "charge")).isEqualTo(1);
    }

    @Test
    void what_another_process_has_open_counts_from_the_next_look_on() {
        one.start("a");
        one.start("b");
        other.look();

        UUID later = other.start("c");

        assertThat(heldFor(later)).containsExactly("payments");
    }

    @Test
    void room_is_used_between_two_looks() throws InterruptedException {
        List<UUID> sagas =
                IntStream.range(0, 4).mapToObj(i -> one.start("k" + i)).toList();
        one.look();
        List<Sent> sent = bench.take();
        assertThat(one.hasRoom()).isFalse();

        one.deliver(bench.reply(sent.get(0), new CardCharged("7")), bench.reply(sent.get(1), new CardCharged("8")));

        assertThat(one.hasRoom()).isTrue();
        assertThat(bench.take().stream().map(Sent::sagaId)).containsExactlyElementsOf(sagas.subList(2, 4));
        assertThat(one.hasRoom()).isFalse();
    }

    @Test
    void who_waits_longer_goes_first_although_there_is_room() {
        IntStream.range(0, 4).forEach(i -> one.start("k" + i));
        List<Sent> sent = bench.take();
        one.look();
        one.deliver(bench.reply(sent.get(0), new CardCharged("7")));

        UUID newcomer = one.start("newcomer");

        assertThat(heldFor(newcomer)).containsExactly("payments");
    }

    @Test
    void more_sagas_of_a_kind_than_its_limit_are_refused_with_what_to_do() {
        UUID first = one.startOrder("a");
        Sent reserve = bench.take().get(0);
        one.startOrder("b");

        assertThatThrownBy(() -> one.startOrder("c"))
                .isInstanceOfSatisfying(
                        SagaOverloadedException.class,
                        refused -> assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(1)))
                .hasMessage(
                        "Saga 'place-order' was not started: 2 instances of it are on their way, and 2 may be (saga.flow.saga-limits.place-order). Try again when some have ended.");
        assertThat(database.count("saga_instance")).isEqualTo(2);
        assertThat(one.start("of another kind")).isNotNull();

        one.deliver(bench.reply(reserve, new OutOfStock(0)));
        assertThat(phase(first)).isEqualTo("COMPENSATED");
        assertThat(one.startOrder("c")).isNotNull();
    }

    @Test
    void another_process_counts_them_at_its_next_look() {
        one.startOrder("a");
        one.startOrder("b");
        other.look();

        assertThatThrownBy(() -> other.startOrder("c")).isInstanceOf(SagaOverloadedException.class);
    }

    @Test
    void a_start_waits_for_its_turn_and_goes_on_as_soon_as_another_has_ended() throws Exception {
        Process patient = patient();
        patient.startOrder("a");
        Sent reserve = bench.take().get(0);
        patient.startOrder("b");
        CompletableFuture<Void> third = Background.run(() -> patient.startOrder("c"));
        await().atMost(Duration.ofSeconds(30)).until(patient.flow::waitingStarts, number -> number == 1);

        patient.deliver(bench.reply(reserve, new OutOfStock(0)));

        third.get(10, TimeUnit.SECONDS);
        assertThat(database.count("saga_instance")).isEqualTo(3);
    }

    @Test
    void many_that_waited_together_do_not_go_on_together() {
        Process patient = patient();
        patient.startOrder("a");
        patient.startOrder("b");
        List<Sent> sent = bench.take();
        List<CompletableFuture<Void>> starts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String key = "later" + i;
            starts.add(Background.run(() -> patient.startOrder(key)));
        }
        await().atMost(Duration.ofSeconds(30)).until(patient.flow::waitingStarts, number -> number == 5);

        patient.deliver(bench.reply(sent.get(0), new OutOfStock(0)));

        await().atMost(Duration.ofSeconds(30)).until(patient.flow::waitingStarts, number -> number == 4);
        patient.look();
        assertThat(patient.flow.waitingStarts()).isEqualTo(4);
        database.jdbc().update("update saga_instance set phase = 'COMPLETED'");
        patient.look();
        await().atMost(Duration.ofSeconds(30)).until(patient.flow::waitingStarts, number -> number == 2);
        database.jdbc().update("update saga_instance set phase = 'COMPLETED'");
        patient.look();
        starts.forEach(start -> start.orTimeout(10, TimeUnit.SECONDS).join());
    }

    @Test
    void in_a_transaction_of_the_caller_s_a_start_is_refused_without_waiting() {
        Process patient = patient();
        patient.startOrder("a");
        patient.startOrder("b");
        long before = System.nanoTime();

        assertThatThrownBy(() -> bench.transaction().executeWithoutResult(status -> patient.startOrder("c")))
                .isInstanceOf(SagaOverloadedException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONG.dividedBy(2));
    }

    @Test
    void while_the_oldest_message_is_too_old_starts_are_refused_and_everything_else_goes_on() {
        UUID started = one.start("before");
        outboxWaitsFor(Duration.ofSeconds(61));
        one.look();

        assertThatThrownBy(() -> one.start("now"))
                .isInstanceOf(SagaOverloadedException.class)
                .hasMessageMatching(
                        "Saga 'holiday' was not started: the oldest message in saga_outbox has been waiting to be published for PT1M1.*S, and from PT1M on \\(saga.flow.refuse-after\\) nothing new is begun. .*");
        assertThat(database.count("saga_instance")).isEqualTo(1);
        one.deliver(bench.reply(bench.sent().get(0), new CardCharged("7")));
        assertThat(steps(started)).containsExactly("charge SUCCEEDED", "approve SENT", "settle PENDING");
        one.timePasses(Duration.ofDays(30));
        assertThat(taken()).contains("refund-card");

        one.look();
        assertThat(one.start("afterwards")).isNotNull();
    }

    @Test
    void while_it_is_rather_old_a_start_is_slowed_but_goes_on() throws Exception {
        Process patient = patient();
        patient.start("before");
        outboxWaitsFor(Duration.ofSeconds(11));
        patient.look();
        CompletableFuture<Void> start = Background.run(() -> patient.start("slowed"));
        await().atMost(Duration.ofSeconds(30)).until(patient.flow::waitingStarts, number -> number == 1);
        bench.transaction().executeWithoutResult(status -> patient.start("in a transaction"));

        bench.take();
        patient.look();
        start.get(10, TimeUnit.SECONDS);

        outboxWaitsFor(Duration.ofSeconds(11));
        one.look();
        assertThat(one.start("after waiting long enough")).isNotNull();
    }

    @Test
    void parked_messages_and_those_behind_them_do_not_count() {
        one.start("parked");
        one.start("behind");
        outboxWaitsFor(Duration.ofHours(1));
        database.jdbc().update("""
                with gone as (delete from saga_outbox returning *)
                insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid,
                                         created_at, reason_code, reason)
                select position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid, created_at, 'x', 'x'
                  from gone""");
        try {
            one.look();
            assertThat(one.start("now")).isNotNull();
        } finally {
            database.jdbc().update("delete from saga_parked");
        }
    }
}
