package io.amends.outbox.property;

import io.amends.outbox.TestDatabase;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An outbox with writers, a topic, and the comparison of both. What publishes is up to the test. */
final class PropertyRun implements AutoCloseable {

    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final int MOST_SHOWN = 4;

    final TestDatabase database = TestDatabase.migrated();
    final String topic = "property-" + TOPICS.incrementAndGet();
    final Journal journal = new Journal();
    final FaultLog faults = new FaultLog();
    final Noise noise = new Noise();
    final Operator operator = new Operator(database, journal, faults);
    final Told told = new Told();
    final Writers writers;
    private final EmbeddedKafkaBroker broker;
    private int repeats;

    PropertyRun(EmbeddedKafkaBroker broker, Load load) throws InterruptedException, ExecutionException {
        this.broker = broker;
        Truth.create(database.jdbc(), load.keys());
        TopicLog.create(broker.bootstrapServers(), topic, 3);
        this.writers = new Writers(database, topic, journal, load, told);
    }

    void beginNoise() throws SQLException {
        noise.begin(EmbeddedPostgresServer.shared(), jdbcUrl());
    }

    String jdbcUrl() {
        return EmbeddedPostgresServer.shared()
                .jdbcUrl(database.jdbc().queryForObject("select current_database()", String.class));
    }

    /** Breaks the relays' connections in the middle of what they do. */
    int cutConnections() {
        List<Boolean> cut = database.jdbc().queryForList("""
                        select pg_terminate_backend(pid) from pg_stat_activity
                         where datname = current_database() and application_name like 'relay-%'""", Boolean.class);
        return cut.size();
    }

    /** Waits until so many relays have lanes. */
    void awaitOwners(int relays) throws InterruptedException {
        long until = System.nanoTime() + FIRST.toNanos();
        while (database.jdbc().queryForObject("select count(distinct owner) from saga_lane", Integer.class) < relays) {
            if (System.nanoTime() - until > 0) {
                throw new IllegalStateException("%d relays do not have a lane each after %s".formatted(relays, FIRST));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /**
     * Waits until nothing that was committed is missing without being parked, or until nothing has arrived for as long as
     * the patience lasts.
     *
     * @return what is wrong then
     */
    List<Violation> awaitDrained(Duration patience) throws InterruptedException {
        // The first record may have to wait for the start of processes.
        long until = System.nanoTime() + FIRST.toNanos();
        int arrived = 0;
        try (TopicLog log = TopicLog.open(broker.bootstrapServers(), topic)) {
            while (true) {
                Set<UUID> parked = parked();
                List<Arrival> arrivals = log.readOn();
                List<Violation> violations = Checker.check(journal, arrivals, parked);
                if (arrivals.size() > arrived) {
                    arrived = arrivals.size();
                    until = System.nanoTime() + patience.toNanos();
                }
                repeats = arrived
                        - (int) arrivals.stream().map(Arrival::id).distinct().count();
                boolean lacking = violations.stream().anyMatch(one -> one.kind() == Violation.Kind.LOST);
                if (!lacking || System.nanoTime() - until > 0) {
                    return violations;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    /**
     * The messages that the outbox shows as refused, or as waiting behind a refused one of their key. The only thing that
     * the comparison asks of the framework.
     */
    private Set<UUID> parked() {
        return new HashSet<>(database.jdbc().queryForList("""
                        select id from saga_parked
                        union
                        select o.id from saga_outbox_pending o
                         where exists (select 1 from saga_parked p
                                        where p.aggregatetype = o.aggregatetype and p.aggregateid = o.aggregateid
                                          and p.reason_code is not null and p.position < o.position)""", UUID.class));
    }

    /** Mistakes of the test itself: the versions that were kept must be gapless up to the row's own. */
    void checkJournal() {
        Map<String, List<Message>> committed = journal.inCommitOrder();
        database.jdbc().query("select key, version from truth", row -> {
            List<Message> messages = committed.getOrDefault(row.getString(1), List.of());
            for (int i = 0; i < messages.size(); i++) {
                if (messages.get(i).version() != i + 1) {
                    throw new IllegalStateException("The test's journal has a gap at " + messages.get(i));
                }
            }
            if (messages.size() != row.getLong(2)) {
                throw new IllegalStateException("The test's journal has %d messages of %s, its row %d"
                        .formatted(messages.size(), row.getString(1), row.getLong(2)));
            }
        });
    }

    /** What was done, in a line. */
    String summary() {
        return "%d messages committed on %d keys, %d repeats on the topic, %d parked; %s"
                .formatted(journal.size(), journal.keys().size(), repeats, parked().size(), journal.summary());
    }

    /** The violations for whoever has to understand them. */
    String explain(List<Violation> violations) {
        List<String> lines = new ArrayList<>();
        for (Violation violation : violations.stream().limit(MOST_SHOWN).toList()) {
            lines.add(violation + "\n    faults around it, " + faults.around(violation.from(), violation.to()));
        }
        if (violations.size() > MOST_SHOWN) {
            lines.add("and %d more".formatted(violations.size() - MOST_SHOWN));
        }
        return String.join("\n", lines);
    }

    @Override
    public void close() throws SQLException {
        try {
            writers.close();
        } finally {
            noise.close();
            rollBackPrepared();
            database.close();
        }
    }

    /** What a failed run has left in doubt would stand in the way of other tests of the server. */
    private void rollBackPrepared() throws SQLException {
        List<String> gids = database.jdbc()
                .queryForList("select gid from pg_prepared_xacts where database = current_database()", String.class);
        for (String gid : gids) {
            writers.finish(gid, List.of(), false);
        }
    }
}
