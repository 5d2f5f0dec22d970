package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.CardDeclined;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What time alone does to sagas, on the database's clock. */
class TimersTest extends OrderFixture {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final byte[] NOTHING = {};

    private UUID holiday(String key) {
        return sagas.start(HolidaySaga.class, Order.of(key), SagaKey.of(key)).sagaId();
    }

    private String due(UUID id) {
        return database.texts(
                        "select coalesce(round(extract(epoch from due_at - clock_timestamp()))::text, 'never') from saga_instance where saga_id = ?",
                        id)
                .get(0);
    }

    @Test
    void before_its_time_nothing_happens() {
        holiday("early");
        bench.take();

        timePasses(Duration.ofSeconds(50));

        assertThat(bench.take()).isEmpty();
    }

    @Test
    void a_command_without_a_reply_is_sent_again_under_the_same_key() {
        UUID id = holiday("silent");
        Sent first = takeOne();

        timePasses(MINUTE);

        Sent second = takeOne();
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.type()).isEqualTo(first.type());
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(second.step()).isEqualTo(first.step());
        assertThat(second.header(WireHeaders.SAGA_ATTEMPT)).isEqualTo("2");
        assertThat(Integer.parseInt(due(id))).isBetween(30, 60);
        // An answer to either counts, once.
        deliver(bench.reply(first, new CardCharged("7")), bench.reply(second, new CardCharged("7")));
        assertThat(steps(id)).containsExactly("charge SUCCEEDED", "approve SENT", "settle PENDING");
        assertThat(bench.take()).isEmpty();
    }

    @Test
    void an_error_is_followed_by_another_attempt_after_the_declared_wait() {
        UUID id = holiday("error");
        Sent first = takeOne();
        deliver(bench.reply(first, "payments", ReservedTypes.HANDLER_FAILED, Outcome.ERROR, NOTHING));
        assertThat(phase(id)).isEqualTo("RUNNING");
        assertThat(Integer.parseInt(due(id))).isBetween(1, 10);

        timePasses(Duration.ofSeconds(10));

        assertThat(takeOne().header(WireHeaders.SAGA_ATTEMPT)).isEqualTo("2");
    }

    @Test
    void a_late_error_of_an_earlier_attempt_does_not_use_up_the_current_one() {
        UUID id = holiday("late error");
        Sent first = takeOne();
        timePasses(MINUTE);
        timePasses(MINUTE);
        Sent third = bench.take().get(1);
        assertThat(third.header(WireHeaders.SAGA_ATTEMPT)).isEqualTo("3");

        deliver(bench.reply(first, "payments", ReservedTypes.HANDLER_FAILED, Outcome.ERROR, NOTHING));
        assertThat(history(id)).last().asString().endsWith("LATE");
        assertThat(phase(id)).isEqualTo("RUNNING");

        deliver(bench.reply(third, new CardCharged("7")));
        assertThat(steps(id)).containsExactly("charge SUCCEEDED", "approve SENT", "settle PENDING");
    }

    @Test
    void once_the_attempts_are_spent_the_unknown_step_is_compensated() {
        UUID id = holiday("spent");
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(takeOne().header(WireHeaders.SAGA_ATTEMPT)).isEqualTo("" + attempt);
            timePasses(MINUTE);
        }

        assertThat(phase(id)).isEqualTo("COMPENSATING");
        assertThat(saga(id).reasonCode()).isEqualTo("RETRIES_EXHAUSTED");
        Sent refund = takeOne();
        assertThat(refund.type()).isEqualTo("refund-card");
        deliver(bench.reply(refund, "payments", ReservedTypes.NOTHING_TO_COMPENSATE, Outcome.SUCCESS, NOTHING));
        assertThat(phase(id)).isEqualTo("COMPENSATED");
        assertThat(due(id)).isEqualTo("never");
    }

    @Test
    void a_reply_that_comes_after_its_compensation_is_recorded_and_reopens_nothing() {
        UUID id = holiday("late");
        Sent charge = takeOne();
        for (int attempt = 1; attempt <= 3; attempt++) {
            timePasses(MINUTE);
        }
        List<Sent> sent = bench.take();
        Sent refund = sent.get(sent.size() - 1);

        deliver(bench.reply(charge, new CardCharged("late")));
        deliver(bench.reply(refund, "payments", ReservedTypes.NOTHING_TO_COMPENSATE, Outcome.SUCCESS, NOTHING));
        deliver(bench.reply(charge, new CardDeclined("later still")));

        assertThat(phase(id)).isEqualTo("COMPENSATED");
        assertThat(history(id)).filteredOn(line -> line.endsWith("LATE")).hasSize(2);
        assertThat(bench.take()).isEmpty();
    }

    @Test
    void a_compensation_whose_attempts_are_spent_is_stuck_with_the_cause_kept() {
        UUID id = holiday("hopeless");
        Sent charge = takeOne();
        deliver(bench.reply(charge, new CardCharged("7")));
        sagas.signal("holiday", SagaKey.of("hopeless"), "decision", new HolidaySaga.Denied("boss"));
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(takeOne().type()).isEqualTo("refund-card");
            timePasses(MINUTE);
        }

        assertThat(phase(id)).isEqualTo("STUCK");
        assertThat(saga(id).reasonCode()).isEqualTo("COMPENSATION_FAILED");
        assertThat(database.texts("select cause_code || ': ' || cause from saga_instance where saga_id = ?", id))
                .singleElement()
                .asString()
                .startsWith("REJECTED: step 'approve' was rejected");
        assertThat(due(id)).isEqualTo("never");
    }

    @Test
    void a_saga_past_its_deadline_compensates_the_open_step_first_and_then_the_earlier_ones() {
        UUID id = start("deadline");
        Sent charge = answer(takeOne(), new StockReserved("A1"));
        assertThat(charge.type()).isEqualTo("charge-card");

        timePasses(Duration.ofMinutes(10));

        assertThat(phase(id)).isEqualTo("COMPENSATING");
        assertThat(saga(id).reasonCode()).isEqualTo("DEADLINE_BREACHED");
        Sent refund = takeOne();
        assertThat(refund.type()).isEqualTo("refund-card");
        deliver(bench.reply(refund, "payments", ReservedTypes.NOTHING_TO_COMPENSATE, Outcome.SUCCESS, NOTHING));
        assertThat(takeOne().type()).isEqualTo("release-stock");
    }

    @Test
    void a_signal_that_nobody_gives_in_time_turns_the_saga_back() {
        UUID id = holiday("forgotten");
        deliver(bench.reply(takeOne(), new CardCharged("7")));
        assertThat(
                        database.texts(
                                "select round(extract(epoch from sla_at - clock_timestamp()) / 3600)::text from saga_step where step = 'approve'"))
                .containsExactly("24");

        timePasses(Duration.ofDays(7));

        assertThat(phase(id)).isEqualTo("COMPENSATING");
        assertThat(takeOne().type()).isEqualTo("refund-card");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void four_statements_and_one_commit_whatever_the_number_of_sagas_that_are_due(int number) {
        for (int i = 0; i < number; i++) {
            holiday("due" + i);
        }
        bench.take();
        database.jdbc().update("update saga_instance set due_at = clock_timestamp()");
        database.jdbc().update("update saga_step set due_at = clock_timestamp()");
        bench.watch.forget();

        orchestration.timers().look();

        List<String> sent = bench.watch.sent();
        assertThat(bench.take()).hasSize(number);
        // A full chunk is followed by a look whether there is more.
        int looks = number == 100 ? 2 : 1;
        List<String> others = sent.subList(sent.indexOf("COMMIT") + 1, sent.size());
        assertThat(sent.get(0)).contains("saga_waiting_reply");
        assertThat(others).filteredOn("COMMIT"::equals).hasSize(looks);
        assertThat(others).filteredOn(sql -> !sql.equals("COMMIT")).hasSize(3 + looks);
    }

    @Test
    void a_thousand_sagas_that_can_not_be_moved_on_do_not_delay_a_healthy_one() {
        for (int i = 0; i < 1000; i++) {
            holiday("broken" + i);
        }
        database.jdbc().update("update saga_instance set data = 'no json'");
        UUID healthy = holiday("healthy");
        bench.take();

        timePasses(MINUTE);

        assertThat(takeOne().sagaId()).isEqualTo(healthy);
        assertThat(database.texts("select count(*)::text from saga_instance where due_failures = 1"))
                .containsExactly("1000");
    }

    @Test
    void two_processes_share_what_is_due() throws Exception {
        for (int i = 0; i < 150; i++) {
            holiday("shared" + i);
        }
        bench.take();
        database.jdbc().update("update saga_instance set due_at = clock_timestamp()");
        database.jdbc().update("update saga_step set due_at = clock_timestamp()");
        SagaTimers other = orchestration().timers();
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> looks = List.of(
                    threads.submit(() -> {
                        together.await(10, TimeUnit.SECONDS);
                        return orchestration.timers().look();
                    }),
                    threads.submit(() -> {
                        together.await(10, TimeUnit.SECONDS);
                        return other.look();
                    }));
            for (Future<Integer> look : looks) {
                look.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        orchestration.timers().look();

        assertThat(bench.take().stream().map(Sent::sagaId)).hasSize(150).doesNotHaveDuplicates();
    }
}
