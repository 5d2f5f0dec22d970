package io.amends.spring.boot.autoconfigure.orders;

import io.amends.runtime.SagaListener;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.Order;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.OrderSaga;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The order saga (two commands, both participants in the application) with and without Kafka on this machine: how long a
 * lone saga takes, and how many end in a second. PostgreSQL and Kafka are embedded. Its name keeps it out of the tests; run it by
 * {@code mvn -q -pl saga-spring-boot-starter -am verify -Dtest=TransportBenchmark -Dsurefire.failIfNoSpecifiedTests=false -Dtest.jit=-XX:TieredStopAtLevel=4}, and
 * {@code -Dtransport.seconds=10 -Dtransport.flight=64 -Dtransport.rounds=2} for other lengths.
 */
final class TransportBenchmark {

    private static final int LONE = 300;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void throughput_and_latency() throws InterruptedException {
        int seconds = Integer.getInteger("transport.seconds", 10);
        int inFlight = Integer.getInteger("transport.flight", 64);
        int rounds = Integer.getInteger("transport.rounds", 2);
        System.out.println("| transport | lanes | lone saga, p50 | p99 | sagas/s, " + inFlight + " in flight |");
        System.out.println("|---|---|---|---|---|");
        for (int round = 0; round < rounds; round++) {
            measure("kafka", 1, seconds, inFlight);
            for (int lanes : new int[] {1, 2, 4, 8}) {
                measure("postgresql", lanes, seconds, inFlight);
            }
        }
    }

    private static void measure(String transport, int lanes, int seconds, int inFlight) throws InterruptedException {
        Ends ends = new Ends();
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        Map<String, Object> properties = new HashMap<>();
        properties.put("shop.bank", "bank");
        properties.put("saga.transport", transport);
        properties.put("saga.relay.lanes", lanes);
        properties.put("server.port", 0);
        properties.put("logging.level.root", "warn");
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.datasource.hikari.maximum-pool-size", 30);
        properties.put("spring.datasource.url", postgres.freshDatabase());
        properties.put("spring.datasource.username", postgres.username());
        properties.put("spring.datasource.password", postgres.password());
        properties.put(
                "spring.kafka.bootstrap-servers", EmbeddedKafkaBroker.shared().bootstrapServers());
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(OrderApplication.class)
                .properties(properties)
                .initializers(context ->
                        ((GenericApplicationContext) context).registerBean("ends", SagaListener.class, () -> ends))
                .run()) {
            Sagas sagas = application.getBean(Sagas.class);
            ends.run(sagas, "warm", Duration.ofSeconds(3), inFlight);
            long[] nanos = new long[LONE];
            for (int i = 0; i < LONE; i++) {
                long began = System.nanoTime();
                ends.one(sagas, "lone-" + i);
                nanos[i] = System.nanoTime() - began;
            }
            Arrays.sort(nanos);
            long ended = ends.run(sagas, "many", Duration.ofSeconds(seconds), inFlight);
            System.out.printf(
                    "| %s | %d | %.1f ms | %.1f ms | %d |%n",
                    transport, lanes, nanos[LONE / 2] / 1e6, nanos[LONE * 99 / 100] / 1e6, ended / seconds);
        }
    }

    /** Hears of the ends of sagas. */
    private static final class Ends implements SagaListener {

        private final Map<String, Semaphore> waiting = new ConcurrentHashMap<>();

        @Override
        public void changed(java.util.List<Change> changes) {
            for (Change change : changes) {
                Semaphore waiter = change.phase().isTerminal() ? waiting.get(change.key()) : null;
                if (waiter != null) {
                    waiter.release();
                }
            }
        }

        void one(Sagas sagas, String key) throws InterruptedException {
            Semaphore ended = new Semaphore(0);
            waiting.put(key, ended);
            sagas.start(OrderSaga.class, new Order(key, 5), SagaKey.of(key));
            if (!ended.tryAcquire(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("Saga " + key + " did not end within " + LIMIT);
            }
            waiting.remove(key);
        }

        /** How many end in that time. */
        long run(Sagas sagas, String prefix, Duration time, int inFlight) throws InterruptedException {
            AtomicLong ended = new AtomicLong();
            long until = System.nanoTime() + time.toNanos();
            ExecutorService starters = Executors.newFixedThreadPool(inFlight);
            for (int i = 0; i < inFlight; i++) {
                String mine = prefix + "-" + i + "-";
                starters.execute(() -> {
                    try {
                        for (int n = 0; System.nanoTime() < until; n++) {
                            one(sagas, mine + n);
                            if (System.nanoTime() < until) {
                                ended.incrementAndGet();
                            }
                        }
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            starters.shutdown();
            if (!starters.awaitTermination(time.plus(LIMIT).toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("Not all sagas ended");
            }
            return ended.get();
        }
    }
}
