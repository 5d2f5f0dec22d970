package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.CardDeclined;
import io.amends.runtime.Orders.CourierBooked;
import io.amends.runtime.Orders.StockReleased;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.SagaListener;
import io.amends.runtime.Sent;
import io.amends.runtime.observation.Milestone;
import io.amends.runtime.observation.SagaObserver;
import io.amends.saga.SagaKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What observers hear of sagas: what was committed, once. */
class MilestonesTest extends OrderFixture {

    private static final List<Milestone> SEEN = new CopyOnWriteArrayList<>();

    @Override
    Orchestration orchestration(SagaListener... listeners) {
        return bench.observed(registry(), new SagaObserver() {
            @Override
            public void committed(List<Milestone> milestones) {
                SEEN.addAll(milestones);
            }
        });
    }

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    @Test
    void a_saga_is_started_does_its_steps_and_ends() {
        Sent reserve = started("good");
        Sent charge = answer(reserve, new StockReserved("shelf 1"));
        Sent book = answer(charge, new CardCharged("receipt"));
        deliver(bench.reply(book, new CourierBooked("Monday")));

        assertThat(words())
                .containsExactly(
                        "Started",
                        "StepEnded reserve-stock ACTION SUCCESS",
                        "StepEnded charge-card ACTION SUCCESS",
                        "StepEnded book-courier ACTION SUCCESS",
                        "Ended COMPLETED");
    }

    @Test
    void one_that_turns_back_says_why_and_what_it_undid() {
        Sent reserve = started("refused");
        Sent charge = answer(reserve, new StockReserved("shelf 1"));
        Sent release = answer(charge, new CardDeclined("no money"));
        deliver(bench.reply(release, new StockReleased(1)));

        assertThat(words())
                .containsExactly(
                        "Started",
                        "StepEnded reserve-stock ACTION SUCCESS",
                        "StepEnded charge-card ACTION REJECTION",
                        "TurnedBack REJECTED",
                        "StepEnded reserve-stock COMPENSATION SUCCESS",
                        "Ended COMPENSATED");
    }

    @Test
    void repeats_and_what_is_rolled_back_are_no_milestones() {
        Sent reserve = started("twice");
        start("twice");
        bench.transaction().executeWithoutResult(status -> {
            start("undone");
            status.setRollbackOnly();
        });
        deliver(bench.reply(reserve, new StockReserved("shelf 1")), bench.reply(reserve, new StockReserved("shelf 1")));

        assertThat(words()).containsExactly("Started", "StepEnded reserve-stock ACTION SUCCESS");
    }

    @Test
    void a_saga_whose_first_step_is_local_is_started_once() {
        sagas.start(LocalFirstSaga.class, Order.of("local"), SagaKey.of("local"));

        assertThat(words()).containsExactly("Started", "StepEnded note-order ACTION SUCCESS");
    }

    @Test
    void a_command_that_is_sent_again_is_a_try_more_and_times_count_from_the_first() {
        started("slow");
        Sent again = null;
        while (again == null) {
            timePasses(Duration.ofSeconds(40));
            again = bench.take().stream().findFirst().orElse(null);
        }
        deliver(bench.reply(again, new StockReserved("shelf 1")));

        assertThat(words())
                .containsExactly(
                        "Started", "TriedAgain reserve-stock ACTION", "StepEnded reserve-stock ACTION SUCCESS");
        assertThat(SEEN.get(2))
                .isInstanceOfSatisfying(
                        Milestone.StepEnded.class,
                        step -> assertThat(step.took()).isBetween(Duration.ofSeconds(39), Duration.ofMinutes(5)));
    }

    @Test
    void one_that_is_stuck_says_why() {
        Sent reserve = started("stuck");
        deliver(bench.reply(reserve, new StockReserved(PlaceOrderSaga.SHELF_THAT_THROWS)));

        assertThat(words()).contains("Started", "GotStuck NON_RETRYABLE");
    }

    private static List<String> words() {
        return SEEN.stream().map(MilestonesTest::words).toList();
    }

    private static String words(Milestone milestone) {
        String name = milestone.getClass().getSimpleName();
        if (milestone instanceof Milestone.StepEnded step) {
            return "%s %s %s %s".formatted(name, step.step(), step.kind(), step.outcome());
        }
        if (milestone instanceof Milestone.TriedAgain again) {
            return "%s %s %s".formatted(name, again.step(), again.kind());
        }
        if (milestone instanceof Milestone.TurnedBack turned) {
            return name + " " + turned.why();
        }
        if (milestone instanceof Milestone.GotStuck stuck) {
            return name + " " + stuck.why();
        }
        return milestone instanceof Milestone.Ended ended ? name + " " + ended.as() : name;
    }
}
