package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.amends.outbox.MessageRefusedException;
import io.amends.outbox.NoTransactionException;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.SagaKeyConflictException;
import io.amends.runtime.SagaListener;
import io.amends.runtime.Sent;
import io.amends.runtime.StartedSaga;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

class StartTest extends OrderFixture {

    @Test
    void a_start_stores_state_history_and_first_command_in_one_transaction() {
        UUID id = start("k1");
        assertThat(bench.watch.count("COMMIT")).isEqualTo(1);

        assertThat(phase(id)).isEqualTo("RUNNING");
        assertThat(order(id)).isEqualTo(Order.of("k1"));
        assertThat(steps(id)).containsExactly("reserve-stock SENT", "charge-card PENDING", "book-courier PENDING");
        assertThat(history(id)).containsExactly("Started ACCEPTED");
        assertThat(database.row(
                        "select *, deadline_at - created_at < interval '11 minutes' as soon from saga_instance"))
                .containsEntry("saga_name", "place-order")
                .containsEntry("saga_version", 1)
                .containsEntry("business_key", "k1")
                .containsEntry("soon", true);
        Sent command = takeOne();
        assertThat(command.topic()).isEqualTo("saga.warehouse.commands");
        assertThat(command.key()).isEqualTo(id.toString());
        assertThat(command.type()).isEqualTo("reserve-stock");
        assertThat(command.json()).isEqualTo("{\"amount\":1,\"item\":\"book\",\"orderId\":\"k1\"}");
        assertThat(command.header(WireHeaders.SOURCE)).isEqualTo("saga/place-order");
        assertThat(command.header(WireHeaders.CORRELATION_ID)).isEqualTo(id.toString());
        assertThat(command.step()).isEqualTo("reserve-stock");
        assertThat(command.header(WireHeaders.SAGA_KIND)).isEqualTo("action");
    }

    @Test
    void a_start_joins_the_callers_transaction_and_is_rolled_back_with_it() {
        bench.transaction().executeWithoutResult(status -> {
            start("k1");
            status.setRollbackOnly();
        });
        assertThat(database.count("saga_instance")).isZero();
        assertThat(database.count("saga_step")).isZero();
        assertThat(database.count("saga_history")).isZero();
        assertThat(bench.sent()).isEmpty();
        assertThat(heard).isEmpty();

        assertThat(sagas.start(PlaceOrderSaga.class, Order.of("k1"), SagaKey.of("k1"))
                        .created())
                .isTrue();
    }

    @Test
    void a_start_that_comes_after_the_callers_commit_is_refused_and_stores_nothing() {
        List<Throwable> refused = new ArrayList<>();
        bench.transaction().executeWithoutResult(status -> {
            start("k1");
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    refused.add(catchThrowable(() -> start("k2")));
                }
            });
        });
        assertThat(refused)
                .singleElement()
                .asString()
                .contains("NoTransactionException", "already committing or has ended", "PROPAGATION_REQUIRES_NEW");
        assertThat(database.count("saga_instance")).isEqualTo(1);
    }

    @Test
    void a_start_in_a_transaction_that_only_reads_is_told_so() {
        TransactionTemplate reading = bench.transaction();
        reading.setReadOnly(true);
        assertThatThrownBy(() -> reading.executeWithoutResult(status -> start("k1")))
                .isInstanceOf(NoTransactionException.class)
                .hasMessageContaining("Remove readOnly = true");
    }

    @Test
    void a_start_in_the_callers_transaction_is_seen_by_nobody_before_it_commits() {
        bench.transaction().executeWithoutResult(status -> {
            start("k1");
            assertThat(database.count("saga_instance")).isZero();
            assertThat(heard).isEmpty();
        });
        assertThat(database.count("saga_instance")).isEqualTo(1);
        assertThat(bench.sent()).hasSize(1);
        assertThat(heard).extracting(SagaListener.Change::phase).containsExactly(SagaPhase.RUNNING);
        assertThat(bench.watch.count("COMMIT")).isEqualTo(1);
    }

    @Test
    void the_same_key_and_body_give_the_same_saga_and_send_nothing_again() {
        UUID id = start("k1");
        bench.take();
        heard.clear();
        StartedSaga again = sagas.start(PlaceOrderSaga.class, Order.of("k1"), SagaKey.of("k1"));

        assertThat(again).isEqualTo(new StartedSaga(id, false));
        assertThat(database.count("saga_instance")).isEqualTo(1);
        assertThat(bench.sent()).isEmpty();
        assertThat(heard).isEmpty();
    }

    @Test
    void the_same_key_and_body_give_the_same_saga_within_one_transaction_and_after_the_saga_has_moved_on() {
        UUID id = bench.transaction().execute(status -> {
            UUID first = start("k1");
            assertThat(start("k1")).isEqualTo(first);
            return first;
        });
        answer(takeOne(), new StockReserved("s"));
        assertThat(start("k1")).isEqualTo(id);
    }

    @Test
    void another_body_under_the_same_key_is_refused_and_changes_nothing() {
        start("k1");
        List<String> before = state();
        bench.take();
        assertThatThrownBy(() -> sagas.start(PlaceOrderSaga.class, new Order("k1", "pen", 1, ""), SagaKey.of("k1")))
                .isInstanceOf(SagaKeyConflictException.class)
                .hasMessageContaining("place-order")
                .hasMessageContaining("k1");
        assertThat(state()).isEqualTo(before);
        assertThat(bench.sent()).isEmpty();
    }

    @Test
    void the_same_key_under_another_saga_is_another_key() {
        start("k1");
        assertThat(sagas.start(LocalFirstSaga.class, Order.of("k1"), SagaKey.of("k1"))
                        .created())
                .isTrue();
    }

    @Test
    void concurrent_starts_of_one_key_give_one_saga() throws Exception {
        int threads = 6;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier together = new CyclicBarrier(threads);
            Callable<StartedSaga> start = () -> {
                together.await(20, TimeUnit.SECONDS);
                return sagas.start(PlaceOrderSaga.class, Order.of("k1"), SagaKey.of("k1"));
            };
            List<Future<StartedSaga>> starts =
                    pool.invokeAll(Stream.generate(() -> start).limit(threads).toList(), 30, TimeUnit.SECONDS);
            List<StartedSaga> came = new ArrayList<>();
            for (Future<StartedSaga> each : starts) {
                came.add(each.get());
            }
            assertThat(came.stream().map(StartedSaga::sagaId).distinct()).hasSize(1);
            assertThat(came.stream().filter(StartedSaga::created)).hasSize(1);
        } finally {
            pool.shutdownNow();
        }
        assertThat(bench.sent()).hasSize(1);
    }

    @Test
    void a_start_that_waits_for_one_that_is_rolled_back_starts_the_saga_itself() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<StartedSaga> other = bench.transaction().execute(status -> {
                start("k1");
                Future<StartedSaga> waiting = pool.submit(
                        () -> sagas.start(PlaceOrderSaga.class, new Order("k1", "pen", 1, ""), SagaKey.of("k1")));
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> database.number(
                                        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
                                > 0);
                status.setRollbackOnly();
                return waiting;
            });
            StartedSaga came = other.get(20, TimeUnit.SECONDS);
            assertThat(came.created()).isTrue();
            assertThat(order(came.sagaId()).item()).isEqualTo("pen");
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void a_local_first_step_runs_in_the_transaction_of_the_start_and_once_per_key() {
        StartedSaga first = sagas.start(LocalFirstSaga.class, Order.of("k1"), SagaKey.of("k1"));
        StartedSaga again = sagas.start(LocalFirstSaga.class, Order.of("k1"), SagaKey.of("k1"));
        assertThat(again).isEqualTo(new StartedSaga(first.sagaId(), false));
        assertThat(database.count("stock_move")).isEqualTo(1);
        assertThat(steps(first.sagaId())).containsExactly("note-order SUCCEEDED", "reserve-stock SENT");
        assertThat(order(first.sagaId()).note()).isEqualTo("noted");
        assertThat(bench.sent()).hasSize(1);

        bench.transaction().executeWithoutResult(status -> {
            sagas.start(LocalFirstSaga.class, Order.of("k2"), SagaKey.of("k2"));
            status.setRollbackOnly();
        });
        assertThat(database.count("stock_move")).isEqualTo(1);
    }

    @Test
    void data_of_another_type_and_unknown_sagas_are_refused_with_a_text_that_helps() {
        assertThatThrownBy(() -> sagas.start(PlaceOrderSaga.class, "an order", SagaKey.of("k1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes a")
                .hasMessageContaining("Order");
        assertThatThrownBy(() -> sagas.start(String.class, Order.of("k1"), SagaKey.of("k1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("place-order");
        assertThatThrownBy(() -> sagas.start("place-odrer", Order.of("k1"), SagaKey.of("k1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("place-order");
        assertThat(database.count("saga_instance")).isZero();
    }

    @Test
    void a_start_whose_first_command_can_not_be_sent_stores_nothing() {
        Order huge = new Order("k1", "x".repeat(30_000), 1, "");
        assertThatThrownBy(() -> sagas.start(PlaceOrderSaga.class, huge, SagaKey.of("k1")))
                .isInstanceOf(MessageRefusedException.class);
        assertThat(database.count("saga_instance")).isZero();
    }

    @Test
    void a_start_costs_two_statements_and_one_commit() {
        start("k1");
        assertThat(bench.watch.sent()).hasSize(3);
        assertThat(bench.watch.sent().get(0)).contains("insert into saga_instance");
        assertThat(bench.watch.sent().get(1)).startsWith("insert into saga_outbox");
        assertThat(bench.watch.sent().get(2)).isEqualTo("COMMIT");
    }

    @Test
    void many_keys_are_found_with_two_statements() {
        List<SagaKey> keys = Stream.iterate(0, i -> i + 1)
                .limit(30)
                .map(i -> SagaKey.of("k" + i))
                .toList();
        keys.forEach(key -> start(key.value()));
        bench.watch.forget();
        assertThat(sagas.findAll("place-order", keys)).hasSize(30);
        assertThat(bench.watch.count("select")).isEqualTo(2);
        assertThat(sagas.findAll("place-order", List.of(SagaKey.of("nobody's"))))
                .isEmpty();
        assertThat(sagas.find(UUID.randomUUID())).isEmpty();
    }
}
