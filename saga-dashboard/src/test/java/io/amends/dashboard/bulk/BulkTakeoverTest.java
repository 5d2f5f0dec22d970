package io.amends.dashboard.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.Depot.Sent;
import io.amends.dashboard.bulk.BulkTable.Claim;
import io.amends.runtime.SagaOperations;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A run whose process dies, hangs or is slow: no saga has the order twice, and none is left out. */
class BulkTakeoverTest extends BulkFixture {

    private static final int MANY = 15;

    /** The real operations; after the order of that number the process has its trouble, before the commit. */
    private static SagaOperations withTroubleAfter(int orders, Runnable trouble) {
        SagaOperations real = office.orchestration.operations();
        AtomicInteger given = new AtomicInteger();
        return (SagaOperations) Proxy.newProxyInstance(
                SagaOperations.class.getClassLoader(), new Class<?>[] {SagaOperations.class}, (proxy, method, args) -> {
                    Object result;
                    try {
                        result = method.invoke(real, args);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                    if (given.incrementAndGet() == orders) {
                        trouble.run();
                    }
                    return result;
                });
    }

    private static void leaseEnds() {
        office.jdbc.update("update saga_bulk_run set lease_until = clock_timestamp() - interval '1 second'");
    }

    private void assertEachOnce(UUID runId, List<UUID> ids) {
        List<Sent> sent = office.depot.take();
        assertThat(sent)
                .extracting(Sent::key)
                .containsExactlyInAnyOrderElementsOf(
                        ids.stream().map(UUID::toString).toList());
        assertThat(orders(runId)).isEqualTo(Map.of("lines", (long) ids.size(), "sagas", (long) ids.size()));
        assertThat(run(runId).counts()).doesNotContainKeys(ItemState.OPEN, ItemState.CHANGED, ItemState.THREW);
    }

    @Test
    void another_process_goes_on_where_one_died_in_the_middle_of_an_item() {
        List<UUID> ids = stuck(MANY);
        UUID id = started(List.of(), 1).id();
        BulkWorker dies = worker(
                "dies",
                withTroubleAfter(6, () -> office.jdbc.execute("select pg_terminate_backend(pg_backend_pid())")),
                LONG);
        BulkWorker other = worker("other");

        assertThatThrownBy(() -> look(dies)).isInstanceOf(RuntimeException.class);
        assertThat(run(id).counts()).isEqualTo(Map.of(ItemState.ACCEPTED, 5L, ItemState.OPEN, MANY - 5L));
        assertThat(look(other)).as("while the lease lasts").isZero();
        leaseEnds();

        assertThat(look(other)).isEqualTo(MANY - 5);
        assertThat(run(id).owner()).isEqualTo("other");
        assertThat(look(dies)).as("after it came back").isZero();
        assertEachOnce(id, ids);
    }

    @Test
    void a_process_that_was_only_slow_does_nothing_more_after_another_one_took_over() {
        List<UUID> ids = stuck(3);
        UUID id = started(List.of(), 1).id();
        BulkTable table = new BulkTable(office.jdbc, LONG);
        Claim slow = table.claim("slow").get(0);
        assertThat(table.claim("other")).isEmpty();
        leaseEnds();
        Claim next = table.claim("other").get(0);

        assertThat(next.epoch()).isEqualTo(slow.epoch() + 1);
        office.transaction().executeWithoutResult(status -> {
            assertThat(table.hold(slow)).isEmpty();
            assertThat(table.hold(next)).isPresent();
        });
        assertThat(table.claim("other").get(0)).as("its own, again").isEqualTo(next);
        assertThat(look(worker("slow"))).isZero();
        assertThat(look(worker("other"))).isEqualTo(ids.size());
        assertEachOnce(id, ids);
    }

    @Test
    void a_process_that_hangs_in_the_middle_of_an_item_holds_the_run_up_no_longer_than_its_lease() throws Exception {
        List<UUID> ids = stuck(5);
        UUID id = started(List.of(), 1).id();
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch hangs = new CountDownLatch(1);
        BulkWorker hanging = worker(
                "hangs",
                withTroubleAfter(3, () -> {
                    hangs.countDown();
                    await(over);
                }),
                Duration.ofMillis(300));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> looks = thread.submit(() -> look(hanging));
            await(hangs);
            BulkWorker other = worker("other");
            long until = System.nanoTime() + Duration.ofSeconds(40).toNanos();
            while (run(id).counts().containsKey(ItemState.OPEN) && System.nanoTime() < until) {
                look(other);
            }

            assertThat(System.nanoTime()).as("before the hanging one gave up").isLessThan(until);
            assertEachOnce(id, ids);
            over.countDown();
            assertThatThrownBy(() -> looks.get(60, TimeUnit.SECONDS)).isNotNull();
            assertThat(office.depot.take()).isEmpty();
        } finally {
            over.countDown();
            thread.shutdownNow();
        }
    }

    @Test
    void processes_that_take_the_run_from_each_other_all_the_time_still_order_each_once() throws Exception {
        List<UUID> ids = stuck(40);
        UUID id = started(List.of(), 1).id();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                BulkWorker worker = worker("w" + i, office.orchestration.operations(), Duration.ofMillis(100));
                all.add(threads.submit(() -> lookUntilNoneIsOpen(worker, id)));
            }
            for (Future<?> each : all) {
                each.get(120, TimeUnit.SECONDS);
            }

            assertEachOnce(id, ids);
        } finally {
            threads.shutdownNow();
        }
    }

    private void lookUntilNoneIsOpen(BulkWorker worker, UUID id) {
        long until = System.nanoTime() + Duration.ofSeconds(100).toNanos();
        while (run(id).counts().containsKey(ItemState.OPEN) && System.nanoTime() < until) {
            try {
                look(worker);
            } catch (RuntimeException ended) {
                // On a slow machine the database takes it for one that hangs; the next look goes on, as in production.
                assertThat(ended).isNotNull();
            }
        }
    }

    @Test
    void a_process_that_ends_gives_its_runs_up_at_once() {
        stuck(2);
        UUID id = started(List.of(), 1).id();
        BulkWorker ends = worker("ends");
        ends.look();
        assertThat(run(id).owner()).isEqualTo("ends");

        ends.start(Duration.ofMinutes(1));
        ends.stop(Duration.ofSeconds(20));

        assertThat(run(id).owner()).isNull();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("waited too long");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
