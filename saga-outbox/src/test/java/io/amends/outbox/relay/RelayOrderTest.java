package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.StatementSpy;
import io.amends.outbox.relay.RelayBench.Arrived;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Promises P2, P3 and P6: what is published, and in which order. */
@ParameterizedClass
@EnumSource(ReadMode.class)
class RelayOrderTest {

    private static final int KEYS = 6;
    private static final int WRITERS = 8;

    private final RelayBench bench;
    private final String topic;

    RelayOrderTest(ReadMode mode) {
        bench = RelayBench.shared(mode);
        topic = bench.topic(3);
    }

    @BeforeEach
    void counters() {
        bench.database.jdbc().execute("create table counter (key text primary key, version int not null)");
        bench.database.jdbc().execute("create table noise (id bigint generated always as identity)");
        bench.database.jdbc().update("insert into counter select 'k' || n, 0 from generate_series(0, ?) n", KEYS - 1);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void keys_keep_the_order_of_commits_under_concurrent_writers_and_nothing_of_a_rolled_back_transaction_is_published()
            throws Exception {
        long seed = System.nanoTime();
        RelaySettings smallChunks = new RelaySettings(
                7,
                Duration.ofMillis(1),
                Duration.ofMillis(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                4);
        bench.relay("one", smallChunks).start();

        write(seed, 60);
        bench.awaitPublished();

        assertThat(published()).as("versions by key; seed %d", seed).isEqualTo(committed());
    }

    @Test
    void keys_keep_their_order_when_the_owner_is_cut_off_while_writers_go_on() throws Exception {
        long seed = System.nanoTime();
        RelaySettings shortLease = new RelaySettings(
                20,
                Duration.ofMillis(1),
                Duration.ofMillis(10),
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                4);
        StatementSpy cut = new StatementSpy(bench.database.dataSource());
        Relay first = bench.relay("first", shortLease, cut.dataSource());
        Relay second = bench.relay("second", shortLease);
        first.start();
        second.start();

        write(seed, 10);
        cut.refuse(sql -> true);
        write(seed + 1, 20);
        bench.awaitPublished();
        cut.refuse(sql -> false);
        write(seed + 2, 10);
        bench.awaitPublished();

        assertThat(second.stats().published()).isPositive();
        Map<String, List<Integer>> withoutRepeats = new LinkedHashMap<>();
        published()
                .forEach((key, versions) ->
                        withoutRepeats.put(key, versions.stream().distinct().toList()));
        assertThat(withoutRepeats).as("versions by key; seed %d", seed).isEqualTo(committed());
    }

    /** Each writer locks the counters it changes, appends their versions, and commits or not. */
    private void write(long seed, int transactionsPerWriter) throws InterruptedException, ExecutionException {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> running = IntStream.range(0, WRITERS)
                    .<Future<?>>mapToObj(writer -> writers.submit(() -> {
                        Random chance = new Random(seed * 31 + writer);
                        for (int i = 0; i < transactionsPerWriter; i++) {
                            change(chance);
                        }
                    }))
                    .toList();
            for (Future<?> writer : running) {
                writer.get();
            }
        } finally {
            writers.shutdownNow();
        }
    }

    private void change(Random chance) {
        TreeSet<String> keys = new TreeSet<>();
        for (int i = chance.nextInt(3); i >= 0; i--) {
            keys.add("k" + chance.nextInt(KEYS));
        }
        boolean undone = chance.nextInt(6) == 0;
        boolean early = chance.nextBoolean();
        boolean slow = chance.nextInt(5) == 0;
        JdbcTemplate jdbc = bench.database.jdbc();
        bench.database.transaction().executeWithoutResult(status -> {
            if (early) {
                // Gets its transaction id before it waits for a key: the order of ids is not that of commits.
                jdbc.update("insert into noise default values");
            }
            for (String key : keys) {
                Integer version = jdbc.queryForObject(
                        "update counter set version = version + 1 where key = ? returning version", Integer.class, key);
                bench.outbox.append(RelayBench.message(topic, key, undone ? "undone" : String.valueOf(version)));
            }
            if (slow) {
                jdbc.execute("select pg_sleep(0.01)");
            }
            if (undone) {
                jdbc.update("insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)"
                        + " values (gen_random_uuid(), '" + topic + "', 'k0', 'noted', 'undone', '', 0)");
                status.setRollbackOnly();
            }
        });
    }

    private Map<String, List<Integer>> committed() {
        Map<String, List<Integer>> expected = new LinkedHashMap<>();
        bench.database.jdbc().query("select key, version from counter order by key", row -> {
            expected.put(
                    row.getString(1),
                    IntStream.rangeClosed(1, row.getInt(2)).boxed().toList());
        });
        return expected;
    }

    private Map<String, List<Integer>> published() {
        Map<String, List<Integer>> versions = new LinkedHashMap<>();
        for (Arrived record : bench.arrived(topic)) {
            versions.computeIfAbsent(record.key(), key -> new ArrayList<>()).add(Integer.valueOf(record.value()));
        }
        return versions;
    }
}
