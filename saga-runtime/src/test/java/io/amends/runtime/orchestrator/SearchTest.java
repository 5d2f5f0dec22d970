package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.OutOfStock;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.SagaQuery;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Everything by which an instance can be found. */
class SearchTest extends OrderFixture {

    private List<String> keys(SagaQuery query) {
        return sagas.search(query).stream().map(SagaSnapshot::key).toList();
    }

    @Test
    void by_name_version_key_phase_step_reason_message_and_age() {
        Sent first = started("first");
        Sent second = started("second");
        Sent third = started("third");
        InboundRecord success = bench.reply(second, new StockReserved("A1"));
        deliver(success, bench.reply(third, new OutOfStock(0)));
        sagas.start(HolidaySaga.class, Order.of("trip"), SagaKey.of("trip"));

        assertThat(keys(SagaQuery.all())).containsExactlyInAnyOrder("first", "second", "third", "trip");
        assertThat(keys(SagaQuery.all().of("holiday"))).containsExactly("trip");
        assertThat(keys(SagaQuery.all().of("place-order", 2))).isEmpty();
        assertThat(keys(SagaQuery.all().withKey("second"))).containsExactly("second");
        assertThat(keys(SagaQuery.all().in(SagaPhase.COMPENSATED, SagaPhase.STUCK)))
                .containsExactly("third");
        assertThat(keys(SagaQuery.all().at("charge-card"))).containsExactly("second");
        assertThat(keys(SagaQuery.all().because(ReasonCode.REJECTED))).containsExactly("third");
        assertThat(keys(SagaQuery.all().withMessage(SagaMessage.reply(success).id())))
                .containsExactly("second");
        assertThat(keys(SagaQuery.all().of("place-order").at("reserve-stock"))).containsExactly("first");
        assertThat(keys(SagaQuery.all().olderThan(Duration.ofHours(1)))).isEmpty();
        database.jdbc()
                .update(
                        "update saga_instance set created_at = created_at - interval '2 hours' where saga_id = ?",
                        first.sagaId());
        assertThat(keys(SagaQuery.all().olderThan(Duration.ofHours(1)))).containsExactly("first");
    }

    @Test
    void page_by_page_nothing_is_left_out_and_nothing_comes_twice() {
        for (int i = 0; i < 25; i++) {
            start("k" + i);
        }
        List<UUID> seen = new ArrayList<>();
        @Nullable UUID last = null;
        List<SagaSnapshot> page;
        do {
            page = sagas.search(SagaQuery.all().page(last, 10));
            page.forEach(saga -> seen.add(saga.sagaId()));
            last = page.isEmpty() ? null : page.get(page.size() - 1).sagaId();
        } while (page.size() == 10);

        assertThat(seen).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void a_page_costs_three_statements_and_has_a_limit() {
        Sent charge = answer(started("k"), new StockReserved("A1"));
        deliver(bench.reply(charge, new CardCharged("7")));
        bench.watch.forget();
        sagas.search(SagaQuery.all());
        assertThat(bench.watch.sent())
                .filteredOn(sql -> sql.startsWith("select"))
                .hasSize(3);
        assertThatThrownBy(() -> SagaQuery.all().page(null, 1001)).hasMessageContaining("1 to 1000 sagas, not 1001");
    }
}
