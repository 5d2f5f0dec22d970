package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.Sent;
import io.amends.runtime.observation.FiguresReader;
import io.amends.runtime.observation.SagaFigures;
import io.amends.runtime.observation.SagaFigures.Open;
import io.amends.runtime.observation.SagaFigures.SetAside;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest extends OrderFixture {

    private final FiguresReader reader = new FiguresReader(database.dataSource());

    @Test
    void nothing_is_open_where_nothing_was_started() {
        assertThat(reader.read()).isEqualTo(new SagaFigures(List.of(), Duration.ZERO, 0, List.of(), 0));
    }

    @Test
    void open_sagas_are_counted_by_phase_and_stuck_ones_by_reason() {
        Sent stuck = started("stuck");
        deliver(bench.reply(stuck, new StockReserved(PlaceOrderSaga.SHELF_THAT_THROWS)));
        start("one");
        start("two");
        database.jdbc()
                .update("update saga_instance set updated_at = updated_at - interval '1 minute' where phase = 'STUCK'");

        SagaFigures figures = reader.read();

        assertThat(figures.open())
                .extracting(Open::saga, Open::phase, Open::reason, Open::number)
                .containsExactlyInAnyOrder(
                        tuple("place-order", SagaPhase.RUNNING, null, 2L),
                        tuple("place-order", SagaPhase.STUCK, "NON_RETRYABLE", 1L));
        assertThat(figures.open())
                .filteredOn(open -> open.phase() == SagaPhase.STUCK)
                .allSatisfy(
                        open -> assertThat(open.unchanged()).isBetween(Duration.ofSeconds(60), Duration.ofMinutes(2)));
    }

    @Test
    void a_timer_that_nobody_looks_at_is_overdue_and_what_was_set_aside_is_counted() {
        start("late");
        database.jdbc().update("update saga_instance set due_at = clock_timestamp() - interval '1 minute'");
        database.jdbc().update("""
                insert into saga_inbox_quarantine (topic, partition_no, offset_no, headers, reason_code, reason, quarantined_at)
                select 't', 0, n, '', code, 'r', clock_timestamp() - n * interval '1 hour'
                  from unnest(array['UNKNOWN_TYPE', 'UNKNOWN_SAGA', 'BAD_SIGNATURE', 'HANDLER_FAILED']) with ordinality q (code, n)""");

        SagaFigures figures = reader.read();

        assertThat(figures.overdue()).isBetween(Duration.ofSeconds(60), Duration.ofMinutes(2));
        assertThat(figures.quarantined()).isEqualTo(4);
        assertThat(figures.setAside())
                .extracting(
                        SetAside::reason,
                        SetAside::number,
                        aside -> aside.oldest().toHours())
                .containsExactlyInAnyOrder(tuple("LATE_MESSAGE", 1L, 2L), tuple("QUARANTINED_MESSAGE", 2L, 3L));
        assertThat(figures.waitingCommands()).isZero();
    }
}
