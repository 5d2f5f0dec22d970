package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.CourierBooked;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.SagaKey;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Nodes whose clocks disagree by hours still write one history, in the order in which things happened. */
class ClocksTest extends OrderFixture {

    private Orchestration node(Duration ahead) {
        return bench.orchestration(registry(), () -> System.currentTimeMillis() + ahead.toMillis());
    }

    @Test
    void a_history_is_in_the_order_of_cause_and_effect_whatever_the_clocks_say() {
        Orchestration fast = node(Duration.ofHours(5));
        Orchestration slow = node(Duration.ofHours(-3));
        UUID id = fast.sagas()
                .start(PlaceOrderSaga.class, Order.of("k"), SagaKey.of("k"))
                .sagaId();
        Sent reserve = takeOne();
        slow.replies().process(List.of(bench.reply(reserve, new StockReserved("A1"))));
        Sent charge = takeOne();
        fast.replies().process(List.of(bench.reply(charge, new CardCharged("7"))));
        Sent courier = takeOne();
        slow.replies().process(List.of(bench.reply(courier, new CourierBooked("Monday"))));

        assertThat(history(id))
                .containsExactly(
                        "Started ACCEPTED",
                        "ReplyReceived reserve-stock action ACCEPTED",
                        "ReplyReceived charge-card action ACCEPTED",
                        "ReplyReceived book-courier action ACCEPTED");
        assertThat(List.of(reserve, charge, courier))
                .extracting(sent -> Long.parseLong(sent.header(WireHeaders.SAGA_CLOCK)))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void a_late_node_does_not_make_timers_early_since_those_go_by_the_database_s_clock() {
        Orchestration fast = node(Duration.ofHours(5));
        fast.sagas().start(HolidaySaga.class, Order.of("k"), SagaKey.of("k"));
        bench.take();

        fast.timers().look();
        node(Duration.ofDays(-1)).timers().look();

        assertThat(bench.take()).isEmpty();
        assertThat(
                        database.texts(
                                "select (due_at between clock_timestamp() + interval '50 seconds' and clock_timestamp() + interval '61 seconds')::text from saga_instance"))
                .containsExactly("true");
    }
}
