package io.amends.spring.boot.autoconfigure.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.Order;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.OrderSaga;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.task.AsyncTaskExecutor;

/** On a JDK that has virtual threads, requests run on them; on others the same test runs on a pool. */
class VirtualThreadsTest {

    private static final int ORDERS = 200;

    @Test
    void sagas_are_started_from_virtual_threads() {
        String database = EmbeddedPostgresServer.shared().freshDatabase();
        List<SagaKey> keys = IntStream.range(0, ORDERS)
                .mapToObj(i -> SagaKey.of("order-" + i))
                .toList();
        try (ConfigurableApplicationContext application =
                Servers.run(database, "--spring.threads.virtual.enabled=true")) {
            Sagas sagas = application.getBean(Sagas.class);
            AsyncTaskExecutor requests = application.getBean("applicationTaskExecutor", AsyncTaskExecutor.class);
            Queue<String> threads = new ConcurrentLinkedQueue<>();
            keys.forEach(key -> requests.execute(() -> {
                threads.add(Thread.currentThread().toString());
                sagas.start(OrderSaga.class, new Order(key.value(), 5), key);
            }));

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(sagas.findAll("order", keys))
                            .hasSize(ORDERS)
                            .extracting(SagaSnapshot::phase)
                            .containsOnly(SagaPhase.COMPLETED));
            if (Threading.VIRTUAL.isActive(application.getEnvironment())) {
                assertThat(threads).allSatisfy(thread -> assertThat(thread).startsWith("VirtualThread"));
            }
        }
    }
}
