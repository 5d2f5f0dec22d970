package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.MessageRefusedException;
import io.amends.runtime.Background;
import io.amends.runtime.SagaKeyConflictException;
import io.amends.runtime.SagaListener;
import io.amends.runtime.StartedSaga;
import io.amends.runtime.flow.Traffic;
import io.amends.runtime.observation.SagaObserver;
import io.amends.saga.SagaKey;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.SagaEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts without a transaction of their caller that come while another one is under way. */
class SharedStartsTest extends OrderFixture {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final SagaDefinition definition = registry().newest("place-order").orElseThrow();
    private final CountDownLatch firstMayEnd = new CountDownLatch(1);
    private final CountDownLatch firstCommitted = new CountDownLatch(1);
    private final List<List<SagaListener.Change>> told = new CopyOnWriteArrayList<>();
    private final List<Thread> callers = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<StartedSaga>> starts = new ArrayList<>();
    private final Starts shared = new Starts(
            new JdbcSagaStore(bench.jdbc),
            new Progress.Tools(
                    SagaEngine::decide,
                    bench.codec,
                    bench.messages,
                    new LocalWork(bench.transactions),
                    System::currentTimeMillis,
                    () -> 0.5,
                    Traffic.FREE,
                    new SubSagaEnds(
                            SagaRegistry.of(List.of(), Map.of()),
                            new JdbcSagaStore(bench.jdbc).subSagas(),
                            bench.codec,
                            bench.deferredReplies(),
                            (definition, data, key) -> {
                                throw new AssertionError("no step starts a saga here");
                            }),
                    SagaObserver.NONE,
                    false),
            bench.outbox,
            bench.transactions,
            new Listeners(List.of(this::hear)),
            UUID::randomUUID,
            new Gathering.Limits(100, 1 << 20, LONG));

    @AfterEach
    void letGo() {
        firstMayEnd.countDown();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 20})
    void they_share_two_statements_and_a_commit_however_many_they_are(int number) throws Exception {
        whileOneIsUnderWay(() -> IntStream.range(0, number).forEach(i -> begin("k" + i)));

        assertThat(results()).allMatch(StartedSaga::created).hasSize(number + 1);
        assertThat(bench.watch.sent()).hasSize(3);
        assertThat(bench.watch.sent().get(0)).contains("insert into saga_instance");
        assertThat(bench.watch.sent().get(1)).startsWith("insert into saga_outbox");
        assertThat(bench.watch.sent().get(2)).isEqualTo("COMMIT");
        assertThat(database.count("saga_instance")).isEqualTo(number + 1);
        assertThat(database.count("saga_history")).isEqualTo(number + 1L);
        assertThat(bench.sent())
                .hasSize(number + 1)
                .allMatch(sent -> sent.type().equals("reserve-stock"));
        assertThat(told).hasSize(2);
        assertThat(told.get(1))
                .extracting(SagaListener.Change::key)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, number).mapToObj(i -> "k" + i).toList());
    }

    @Test
    void each_is_stored_with_its_own_data_step_and_time() throws Exception {
        whileOneIsUnderWay(() -> IntStream.range(0, 5).forEach(i -> begin("k" + i)));

        for (StartedSaga started : results().subList(1, 6)) {
            assertThat(phase(started.sagaId())).isEqualTo("RUNNING");
            assertThat(steps(started.sagaId()))
                    .containsExactly("reserve-stock SENT", "charge-card PENDING", "book-courier PENDING");
            assertThat(history(started.sagaId())).containsExactly("Started ACCEPTED");
        }
        assertThat(database.texts("select business_key from saga_instance order by 1"))
                .containsExactly("first", "k0", "k1", "k2", "k3", "k4");
        assertThat(
                        database.number(
                                "select count(*) from saga_instance where deadline_at - created_at between interval '9 minutes' and interval '11 minutes'"))
                .isEqualTo(6);
        assertThat(order(results().get(3).sagaId())).isEqualTo(Order.of("k2"));
    }

    @Test
    void the_same_key_twice_gives_the_same_saga() throws Exception {
        whileOneIsUnderWay(() -> {
            begin("k");
            begin("other");
            begin("k");
            begin("first");
        });

        List<StartedSaga> results = results();
        assertThat(results.get(1).created()).isTrue();
        assertThat(results.get(3)).isEqualTo(new StartedSaga(results.get(1).sagaId(), false));
        assertThat(results.get(4)).isEqualTo(new StartedSaga(results.get(0).sagaId(), false));
        assertThat(bench.sent()).hasSize(3);
        assertThat(bench.watch.count("COMMIT")).isEqualTo(1);
    }

    @Test
    void another_body_under_a_taken_key_is_refused_to_the_guilty_only() throws Exception {
        whileOneIsUnderWay(() -> {
            begin("k");
            begin(new Order("k", "pen", 1, ""));
            begin(new Order("first", "pen", 1, ""));
            begin("other");
        });

        assertThat(thrown(2)).isInstanceOf(SagaKeyConflictException.class).hasMessageContaining("'k'");
        assertThat(thrown(3)).isInstanceOf(SagaKeyConflictException.class).hasMessageContaining("'first'");
        assertThat(started(1).created()).isTrue();
        assertThat(started(4).created()).isTrue();
        assertThat(bench.watch.count("COMMIT")).isEqualTo(1);
        assertThat(bench.sent()).hasSize(3);
    }

    @Test
    void what_can_not_be_stored_fails_alone() throws Exception {
        whileOneIsUnderWay(() -> {
            begin("k1");
            begin(new Order("huge", "x".repeat(30_000), 1, ""));
            begin("k2");
        });

        assertThat(thrown(2)).isInstanceOf(MessageRefusedException.class);
        assertThat(started(1).created()).isTrue();
        assertThat(started(3).created()).isTrue();
        assertThat(database.texts("select business_key from saga_instance order by 1"))
                .containsExactly("first", "k1", "k2");
        assertThat(bench.sent()).hasSize(3);
    }

    @Test
    void nobody_waits_for_a_stranger_whose_key_somebody_else_is_about_to_take() throws Exception {
        bench.transaction().executeWithoutResult(status -> {
            start("taken");
            try {
                whileOneIsUnderWay(() -> {
                    begin("k1");
                    begin("taken");
                    begin("k2");
                });
                assertThat(started(1).created()).isTrue();
                assertThat(started(3).created()).isTrue();
                assertThat(starts.get(2)).isNotDone();
            } catch (Exception trouble) {
                throw new AssertionError(trouble);
            }
        });
        assertThat(started(2).created()).isFalse();
    }

    @Test
    void a_start_in_a_callers_transaction_is_not_shared() throws Exception {
        whileOneIsUnderWay(() -> bench.transaction().executeWithoutResult(status -> {
            shared.start(definition, Order.of("own"), SagaKey.of("own"));
            assertThat(database.count("saga_instance")).isEqualTo(1);
            status.setRollbackOnly();
        }));
        assertThat(results()).hasSize(1);
        assertThat(database.count("saga_instance")).isEqualTo(1);
    }

    /** The first start has committed and not returned; what is begun meanwhile is under way when this returns. */
    private void whileOneIsUnderWay(Runnable begin) throws InterruptedException {
        begin("first");
        assertThat(firstCommitted.await(20, TimeUnit.SECONDS)).isTrue();
        bench.watch.forget();
        begin.run();
        firstMayEnd.countDown();
    }

    private void hear(List<SagaListener.Change> changes) {
        told.add(changes);
        if (changes.get(0).key().equals("first")) {
            firstCommitted.countDown();
            try {
                assertThat(firstMayEnd.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    private void begin(String key) {
        begin(Order.of(key));
    }

    /** Returns when the start waits for the first one. */
    private void begin(Order order) {
        CompletableFuture<StartedSaga> result = new CompletableFuture<>();
        starts.add(result);
        Background.run(() -> {
            callers.add(Thread.currentThread());
            try {
                result.complete(shared.start(definition, order, SagaKey.of(order.id())));
            } catch (RuntimeException thrown) {
                result.completeExceptionally(thrown);
            }
        });
        await().atMost(Duration.ofSeconds(30))
                .until(() -> callers.size() == starts.size()
                        && callers.get(starts.size() - 1).getState() == Thread.State.TIMED_WAITING);
    }

    private StartedSaga started(int index) throws Exception {
        return starts.get(index).get(20, TimeUnit.SECONDS);
    }

    private List<StartedSaga> results() throws Exception {
        List<StartedSaga> results = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            results.add(started(i));
        }
        return results;
    }

    private Throwable thrown(int index) throws Exception {
        try {
            throw new AssertionError("was started: " + started(index));
        } catch (ExecutionException thrown) {
            return thrown.getCause();
        }
    }
}
