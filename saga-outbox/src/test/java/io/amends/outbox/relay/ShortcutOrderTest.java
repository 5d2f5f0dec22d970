package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.AppendListener;
import io.amends.outbox.CommittedMessage;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writers that lock what they write, some of them unknown to the relay, who tell late, out of turn or never; a lane that
 * reads ahead, fails in part and is taken over. Whatever the interleaving, each key comes in commit order, and complete.
 */
class ShortcutOrderTest {

    private static final long SEED = Long.getLong("shortcut.seed", new Random().nextInt(1_000_000));
    private static final int KEYS = 6;
    private static final int WRITERS = 5;
    private static final Duration WRITING = Duration.ofMillis(2_500);

    /** The mistake shows within a second or two; a busy machine takes longer. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final TestDatabase database = TestDatabase.migrated();
    private final JdbcTemplate jdbc = database.jdbc();
    private final AtomicInteger byShortcut = new AtomicInteger();
    private volatile Shortcut shortcut = new Shortcut(System::nanoTime);
    private final List<Thread> writers = new ArrayList<>();
    private volatile boolean ending;

    /** By key, the versions that were published, without repeats. */
    private final Map<String, Set<Long>> published = new LinkedHashMap<>();

    private final Map<String, Long> latest = new LinkedHashMap<>();

    /** Whether a version came for the first time after a later one of its key. */
    private boolean disordered;

    @AfterEach
    void close() throws InterruptedException {
        end();
        database.close();
    }

    @Test
    void each_key_is_published_in_commit_order_and_complete() throws Exception {
        run(() -> new Shortcut(System::nanoTime), WRITING);
        assertThat(byShortcut).hasValueGreaterThan(50);
        assertThat(published).isEqualTo(truth());
        published.forEach((key, versions) ->
                assertThat(List.copyOf(versions)).as("%s, seed %d", key, SEED).isSorted());
    }

    /** The mistake that the rule is there for. */
    @Test
    void a_shortcut_that_asks_for_nothing_is_noticed() throws Exception {
        run(
                () -> new Shortcut(System::nanoTime) {
                    @Override
                    boolean isNextTo(Snapshot last, CommittedMessage message) {
                        return true;
                    }
                },
                LONGEST);
        assertThat(disordered).as("seed %d", SEED).isTrue();
    }

    /** Makes a new one for each owner of the lane. */
    private interface Shortcuts {
        Shortcut make();
    }

    /** Ends before that time if the order is wrong. */
    private void run(Shortcuts shortcuts, Duration writing) throws Exception {
        System.out.println("shortcut: -Dshortcut.seed=" + SEED);
        jdbc.execute("create table truth (key text primary key, version bigint not null)");
        jdbc.update("insert into truth select 'k' || n, 0 from generate_series(1, ?) n", KEYS);
        jdbc.update("update saga_lane set owner = 'me', epoch = 7");
        Random random = new Random(SEED);
        LaneReader reader = open(shortcuts);
        for (int i = 0; i < WRITERS; i++) {
            start(SEED + i);
        }
        long until = System.nanoTime() + writing.toNanos();
        while (System.nanoTime() < until && !disordered) {
            turn(reader, random);
            if (random.nextInt(200) == 0) {
                reader.close();
                reader = open(shortcuts);
            }
        }
        end();
        for (int empty = 0; empty < 2; ) {
            empty = turn(reader, random) ? 0 : empty + 1;
        }
        reader.close();
    }

    private LaneReader open(Shortcuts shortcuts) throws SQLException {
        Shortcut made = shortcuts.make();
        shortcut.open(false);
        shortcut = made;
        return new SnapshotDeltaSource(database.dataSource()).open(new Lease(0, "me", 7), made);
    }

    /** Reads a chunk, and often the next one before it is settled; false if there was nothing. */
    private boolean turn(LaneReader reader, Random random) throws SQLException {
        Batch first = reader.read(5 + random.nextInt(50));
        Batch next = random.nextBoolean() ? reader.read(20) : null;
        if (publish(reader, first, random) && next != null) {
            publish(reader, next, random);
        }
        reader.save(random.nextInt(50) == 0);
        return !first.isEmpty() || (next != null && !next.isEmpty());
    }

    /** Now and then Kafka refuses to answer for one key from some record on. */
    private boolean publish(LaneReader reader, Batch batch, Random random) throws SQLException {
        String failing = random.nextInt(12) == 0 ? "k" + (1 + random.nextInt(KEYS)) : "";
        Set<Long> acknowledged = new HashSet<>();
        for (OutboxRow row : batch.rows()) {
            if (!row.key().equals(failing)) {
                acknowledged.add(row.position());
                note(row.key(), Long.parseLong(new String(row.payload(), StandardCharsets.UTF_8)));
            }
        }
        if (batch.after() instanceof Cursor == false) {
            byShortcut.addAndGet(acknowledged.size());
        }
        reader.settle(batch, acknowledged, Set.of());
        boolean whole = acknowledged.size() == batch.size();
        if (!whole) {
            reader.rewind();
        }
        return whole;
    }

    private void note(String key, long version) {
        long newest = latest.getOrDefault(key, 0L);
        boolean first =
                published.computeIfAbsent(key, nothing -> new LinkedHashSet<>()).add(version);
        disordered = disordered || (first && version < newest);
        latest.put(key, Math.max(newest, version));
    }

    private Map<String, Set<Long>> truth() {
        Map<String, Set<Long>> truth = new LinkedHashMap<>();
        jdbc.query("select key, version from truth where version > 0", row -> {
            truth.put(
                    row.getString(1),
                    new LinkedHashSet<>(
                            LongStream.rangeClosed(1, row.getLong(2)).boxed().toList()));
        });
        return truth;
    }

    private void start(long seed) {
        Random random = new Random(seed * 31);
        JdbcOutbox outbox = new JdbcOutbox(database.dataSource(), OutboxLimits.DEFAULT, telling(random));
        JdbcOutbox another = new JdbcOutbox(database.dataSource(), OutboxLimits.DEFAULT, telling(random));
        Thread made = new Thread(
                () -> {
                    while (!ending) {
                        write(outbox, another, random);
                        sleep(random.nextInt(4));
                    }
                },
                "shortcut-writer-" + seed);
        writers.add(made);
        made.start();
    }

    /** Tells at once, late or never. */
    private AppendListener telling(Random random) {
        return new AppendListener() {
            @Override
            public void committed(BitSet buckets) {
                // found by looking
            }

            @Override
            public boolean wants(short bucket) {
                return true;
            }

            @Override
            public void committed(CommittedMessage message) {
                int dice = random.nextInt(20);
                if (dice > 0) {
                    sleep(dice > 14 ? 3 : 0);
                    shortcut.offer(message);
                }
            }
        };
    }

    private void write(JdbcOutbox outbox, JdbcOutbox another, Random random) {
        String key = "k" + (1 + random.nextInt(KEYS));
        int kind = random.nextInt(12);
        database.transaction().executeWithoutResult(status -> {
            if (kind == 0) {
                // Its number is older than those of transactions that commit before it locks the key.
                jdbc.queryForObject("select pg_current_xact_id()::text", String.class);
                sleep(5);
            }
            Long version = jdbc.queryForObject(
                    "update truth set version = version + 1 where key = ? returning version", Long.class, key);
            byte[] payload = String.valueOf(version).getBytes(StandardCharsets.UTF_8);
            if (kind == 1) {
                jdbc.update(
                        "insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)"
                                + " values (gen_random_uuid(), 'orders', ?, 'noted', ?, '', 0)",
                        key,
                        payload);
            } else {
                outbox.append(TestDatabase.message("orders", key, payload));
            }
            if (kind == 2) {
                sleep(5);
            }
            if (kind == 4) {
                // Locked after it; of another key, in the same transaction, by another way.
                alsoBySql(key);
            }
            if (kind == 5) {
                alsoBy(another, key);
            }
            if (kind == 3) {
                status.setRollbackOnly();
            }
        });
    }

    private void alsoBySql(String key) {
        next(key)
                .ifPresent(next -> jdbc.update(
                        "insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)"
                                + " values (gen_random_uuid(), 'orders', ?, 'noted', ?, '', 0)",
                        next.key(),
                        next.payload()));
    }

    private void alsoBy(JdbcOutbox another, String key) {
        next(key).ifPresent(next -> another.append(TestDatabase.message("orders", next.key(), next.payload())));
    }

    private record Next(String key, byte[] payload) {}

    /** A change of the next key, whose lock comes after that of the first, so that there is no deadlock. */
    private Optional<Next> next(String key) {
        int next = Integer.parseInt(key.substring(1)) + 1;
        if (next > KEYS) {
            return Optional.empty();
        }
        Long version = jdbc.queryForObject(
                "update truth set version = version + 1 where key = ? returning version", Long.class, "k" + next);
        return Optional.of(new Next("k" + next, String.valueOf(version).getBytes(StandardCharsets.UTF_8)));
    }

    private void end() throws InterruptedException {
        ending = true;
        for (Thread writer : writers) {
            writer.join(TimeUnit.SECONDS.toMillis(20));
        }
        writers.clear();
    }

    private static void sleep(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
