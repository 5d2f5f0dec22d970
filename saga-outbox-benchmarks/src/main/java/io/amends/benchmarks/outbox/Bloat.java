package io.amends.benchmarks.outbox;

import io.amends.benchmarks.outbox.contender.Contender;
import io.amends.benchmarks.outbox.contender.Kind;
import io.amends.benchmarks.outbox.contender.Place;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Size and latency under steady load while somebody holds a snapshot all the time, so that nothing that is deleted can be
 * cleared away. One contender after the other.
 */
final class Bloat {

    private static final double MILLI = 1e6;

    /** Whatever tables a contender has: the database holds nothing else. */
    private static final String SIZES = """
            select coalesce(sum(pg_table_size(c.oid)), 0), coalesce(sum(pg_indexes_size(c.oid)), 0),
                   (select coalesce(sum(n_dead_tup), 0) from pg_stat_user_tables)
              from pg_class c
             where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'""";

    private final Options options;
    private final Servers servers;

    Bloat(Options options, Servers servers) {
        this.options = options;
        this.servers = servers;
    }

    /** Measures everyone who takes part and can publish from a table. */
    List<BloatSample> run() {
        List<BloatSample> samples = new ArrayList<>();
        for (Kind kind : options.only()) {
            if (!kind.appendsOnly() && !kind.isSlow()) {
                samples.addAll(of(kind));
            }
        }
        return samples;
    }

    private List<BloatSample> of(Kind kind) {
        Place place = servers.place();
        int count = Math.toIntExact(options.bloat().toMillis() * options.bloatRate() / 1_000);
        try (Contender contender = kind.open(place);
                Writers writers = new Writers(contender, options.writers());
                Watcher watcher = new Watcher(place, count);
                Connection holder = connect(place);
                Connection monitor = connect(place)) {
            contender.start();
            hold(holder);
            return sample(kind, count, writers, watcher, monitor);
        } catch (SQLException trouble) {
            throw new IllegalStateException("PostgreSQL does not answer", trouble);
        } finally {
            servers.remove(place);
        }
    }

    private static Connection connect(Place place) throws SQLException {
        return DriverManager.getConnection(place.jdbcUrl(), place.user(), place.password());
    }

    /** The snapshot is taken by the first query, and kept until the connection ends. */
    private static void hold(Connection holder) throws SQLException {
        holder.setAutoCommit(false);
        holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement statement = holder.createStatement()) {
            statement.execute("select count(*) from pg_class");
        }
    }

    private List<BloatSample> sample(Kind kind, int count, Writers writers, Watcher watcher, Connection monitor)
            throws SQLException {
        long interval = TimeUnit.SECONDS.toNanos(1) / options.bloatRate();
        long[] committed = new long[count];
        long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10);
        Messages messages = new Messages(options.seed());
        ExecutorService load = Executors.newSingleThreadExecutor();
        try {
            Future<?> appending =
                    load.submit(() -> writers.steadily(messages::next, count, begin, interval, committed));
            List<BloatSample> samples = new ArrayList<>();
            long window = options.sample().toNanos();
            for (long at = window; at <= options.bloat().toNanos(); at += window) {
                pause(appending, begin + at);
                // What was due in the last window but one has had a whole window to arrive.
                int to = (int) Math.max(0, (at - window) / interval);
                int from = (int) Math.max(0, (at - 2 * window) / interval);
                samples.add(look(kind, at, from, to, committed, watcher, monitor));
                BloatSample last = samples.get(samples.size() - 1);
                System.err.printf(Locale.ROOT, "%s%n", last.csv());
            }
            appending.get();
            return samples;
        } catch (ExecutionException trouble) {
            throw new IllegalStateException("The load broke off", trouble);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted under load", interrupted);
        } finally {
            load.shutdownNow();
        }
    }

    /** Until then, or until the load ends; what it throws is thrown. */
    private static void pause(Future<?> appending, long until) throws ExecutionException, InterruptedException {
        try {
            appending.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException goesOn) {
            return;
        }
        TimeUnit.NANOSECONDS.sleep(Math.max(0, until - System.nanoTime()));
    }

    private BloatSample look(
            Kind kind, long at, int from, int to, long[] committed, Watcher watcher, Connection monitor)
            throws SQLException {
        long now = System.nanoTime();
        double[] latencies = IntStream.range(from, to)
                .mapToDouble(i -> {
                    long arrival = watcher.arrival(i) == 0 ? now : watcher.arrival(i);
                    long commit = committed[i] == 0 ? now : committed[i];
                    return Math.max(0, arrival - commit) / MILLI;
                })
                .toArray();
        int waiting = (int) IntStream.range(0, committed.length)
                .filter(i -> committed[i] != 0 && watcher.arrival(i) == 0)
                .count();
        try (Statement statement = monitor.createStatement();
                ResultSet sizes = statement.executeQuery(SIZES)) {
            sizes.next();
            return new BloatSample(
                    kind,
                    Duration.ofNanos(at).toSeconds(),
                    sizes.getLong(1),
                    sizes.getLong(2),
                    sizes.getLong(3),
                    Measurements.percentile(latencies, 0.5),
                    Measurements.percentile(latencies, 0.99),
                    waiting);
        }
    }
}
