package io.amends.runtime.participant;

import static io.amends.runtime.participant.Savepoints.CLEAN_RUN;
import static io.amends.runtime.participant.Savepoints.NONE;
import static io.amends.runtime.participant.Savepoints.WHERE_REJECTABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Sent;
import io.amends.runtime.wire.InboundRecord;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SavepointsTest extends WarehouseFixture {

    @Test
    void savepoints_are_left_out_after_a_run_of_transactions_without_a_rejection() {
        int clean = 0;
        for (int i = 0; i < CLEAN_RUN; i++) {
            assertThat(Savepoints.after(clean)).isEqualTo(WHERE_REJECTABLE);
            clean = Savepoints.clean(clean, 1, false);
        }
        assertThat(Savepoints.after(clean)).isEqualTo(NONE);
        assertThat(Savepoints.after(Savepoints.clean(clean, 50, false))).isEqualTo(NONE);
        assertThat(Savepoints.clean(clean, 1, true)).isZero();
    }

    @Test
    void transactions_that_carried_out_nothing_that_can_be_rejected_say_nothing() {
        assertThat(Savepoints.clean(5, 0, false)).isEqualTo(5);
        assertThat(Savepoints.clean(5, 0, true)).isZero();
    }

    @Test
    void a_poll_after_such_a_run_has_no_savepoints() {
        beClean();
        deliver(poll(10));

        assertThat(bench.watch.count("SAVEPOINT")).isZero();
        assertThat(bench.watch.count("COMMIT")).isEqualTo(1);
        assertThat(stock()).isEqualTo(-10);
    }

    @Test
    void repeats_alone_do_not_make_such_a_run() {
        InboundRecord command = reserve(saga, "o1", 1);
        for (int i = 0; i <= CLEAN_RUN; i++) {
            deliver(command);
        }
        bench.watch.forget();
        deliver(reserve(UUID.randomUUID(), "o2", 1));

        assertThat(bench.watch.count("SAVEPOINT")).isEqualTo(2);
    }

    @Test
    void a_rejection_after_such_a_run_undoes_the_poll_which_is_run_again_with_savepoints() {
        beClean();
        deliver(reserve(UUID.randomUUID(), "before", 1), reserve(saga, "o1", 101), reserve(UUID.randomUUID(), "z", 1));

        assertThat(movedOrders()).containsExactly("before", "z");
        assertThat(database.row("select outcome, reply_type from saga_inbox_command where saga_id = ?", saga))
                .containsEntry("outcome", "REJECTION")
                .containsEntry("reply_type", "out-of-stock");
        assertThat(bench.sent().stream().map(Sent::outcome)).containsExactly("success", "rejection", "success");
        assertThat(warehouse.calls())
                .containsExactly("reserve before", "reserve o1", "reserve before", "reserve o1", "reserve z");
        assertThat(bench.watch.count("COMMIT")).isEqualTo(1);
        assertThat(database.count("saga_inbox_redelivery")).isZero();
    }

    @Test
    void a_rejection_of_a_command_that_comes_alone_is_the_same() {
        beClean();
        deliver(reserve(saga, "o1", 101));

        assertThat(movedOrders()).isEmpty();
        assertThat(bench.sent().stream().map(Sent::outcome)).containsExactly("rejection");
        assertThat(database.count("saga_inbox_redelivery")).isZero();
        assertThat(bench.watch.count("COMMIT")).isEqualTo(1);
    }

    @Test
    void a_rejection_ends_the_run_so_that_a_participant_that_rejects_often_keeps_its_savepoints() {
        beClean();
        deliver(reserve(saga, "o1", 101));
        bench.watch.forget();
        warehouse.forget();
        deliver(poll(CLEAN_RUN - 1));
        deliver(reserve(UUID.randomUUID(), "o2", 101));

        assertThat(bench.watch.count("RELEASE SAVEPOINT")).isEqualTo(CLEAN_RUN);
        assertThat(bench.watch.count("ROLLBACK TO SAVEPOINT")).isEqualTo(1);
        assertThat(warehouse.calls()).hasSize(CLEAN_RUN);
    }

    @Test
    void a_handler_may_reject_after_transactional_code_that_it_called_threw() {
        warehouse.surprise("o1", () -> {
            try {
                bench.transaction().executeWithoutResult(status -> {
                    throw new IllegalArgumentException("not today");
                });
            } catch (IllegalArgumentException expected) {
                // the handler answers OutOfStock below
            }
        });
        beClean();
        deliver(reserve(saga, "o1", 101), reserve(UUID.randomUUID(), "o2", 1));

        assertThat(bench.sent().stream().map(Sent::outcome)).containsExactly("rejection", "success");
        assertThat(movedOrders()).containsExactly("o2");
        assertThat(database.count("saga_inbox_redelivery")).isZero();
    }

    @Test
    void a_compensation_in_the_same_poll_as_its_rejected_action_has_nothing_to_undo() {
        beClean();
        deliver(reserve(saga, "o1", 101), release(saga, "o1", 101), reserve(saga, "o1", 101));

        assertThat(movedOrders()).isEmpty();
        assertThat(bench.sent().stream().map(Sent::type))
                .containsExactly("out-of-stock", "amends.nothing-to-compensate", "out-of-stock");
    }

    /** Afterwards the participant leaves savepoints out. */
    private void beClean() {
        IntStream.range(0, CLEAN_RUN).forEach(i -> deliver(reserve(UUID.randomUUID(), "clean", 1)));
        database.clear();
        bench.watch.forget();
        warehouse.forget();
    }

    private InboundRecord[] poll(int size) {
        return Stream.generate(() -> reserve(UUID.randomUUID(), "o", 1))
                .limit(size)
                .toArray(InboundRecord[]::new);
    }
}
