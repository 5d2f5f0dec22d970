package io.amends.outbox.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.property.FaultPlan.Fault;
import io.amends.outbox.relay.ProducerMode;
import io.amends.outbox.relay.ReadMode;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The outbox's promise as a whole: whatever writers, relays, PostgreSQL and Kafka go through, each key's committed messages
 * arrive in commit order, none is lost and none invented. A failure names the seed; {@code -Dproperty.seed=...} makes the
 * same plan again, {@code -Dproperty.seconds=...} a longer one.
 */
class OutboxPropertyTest {

    private static final long SEED = Long.getLong("property.seed", new Random().nextInt(1_000_000));
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("property.seconds", 10));
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_RELAYS = 3;

    private static EmbeddedKafkaBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedKafkaBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @ParameterizedTest
    @CsvSource({"SNAPSHOT_DELTA, IDEMPOTENT, 100", "SNAPSHOT_DELTA, TRANSACTIONAL, 60", "PENDING_SET, IDEMPOTENT, 60"})
    void every_key_arrives_in_commit_order_and_complete_whatever_happens(
            ReadMode reads, ProducerMode writes, int percentOfLength) throws Exception {
        Duration length = LENGTH.multipliedBy(percentOfLength).dividedBy(100);
        String again =
                "-Dproperty.seed=%d -Dproperty.seconds=%d, %s, %s".formatted(SEED, LENGTH.toSeconds(), reads, writes);
        try (PropertyRun run = new PropertyRun(broker, Load.USUAL);
                RelayFleet fleet = new RelayFleet(
                        EmbeddedPostgresServer.shared(),
                        run.jdbcUrl(),
                        broker.bootstrapServers(),
                        reads,
                        writes,
                        run.faults);
                RelayHere here =
                        new RelayHere(run, EmbeddedPostgresServer.shared(), broker.bootstrapServers(), reads, writes)) {
            System.out.println("property: " + again);
            run.beginNoise();
            run.operator.shortenSegments();
            List<Message> inDoubt = new ArrayList<>();
            String gid = run.writers.leaveInDoubt(inDoubt);
            fleet.add(0);
            fleet.add(1);
            run.writers.start(SEED);
            // A relay that is still starting has nothing to lose.
            run.awaitOwners(3);
            carryOut(FaultPlan.of(SEED, length), length, run, fleet);
            run.writers.end();
            if (fleet.size() == 0) {
                fleet.add(0);
            }
            run.faults.note("faults end");

            // With transactions still open and one still in doubt.
            check(again, run, run.awaitDrained(PATIENCE));
            run.writers.finish(gid, inDoubt, true);
            check(again, run, run.awaitDrained(PATIENCE));
            run.checkJournal();
            assertThat(fleet.ended()).as(again).isEmpty();
            fleet.end();
            here.end();
            // What the last relays sent in their last moment counts too.
            check(again, run, run.awaitDrained(PATIENCE));
            System.out.printf("property: %s: %s%n    faults%n%s%n", again, run.summary(), run.faults.all());
        }
    }

    private static void check(String again, PropertyRun run, List<Violation> violations) {
        assertThat(violations)
                .withFailMessage(() -> "%s: %d keys are wrong (%s; logs of the relays in %s):%n%s"
                        .formatted(
                                again,
                                violations.size(),
                                run.summary(),
                                RelayFleet.logs().toAbsolutePath(),
                                run.explain(violations)))
                .isEmpty();
    }

    private static void carryOut(List<Fault> plan, Duration length, PropertyRun run, RelayFleet fleet)
            throws Exception {
        long start = System.nanoTime();
        // A restart takes a second or more, and the relays' faults go on meanwhile.
        ExecutorService restarts = Executors.newSingleThreadExecutor();
        try {
            List<Future<?>> begun = new ArrayList<>();
            for (Fault fault : plan) {
                sleepUntil(start, fault.at());
                if (fault.kind() == FaultPlan.Kind.RESTART_KAFKA) {
                    begun.add(restarts.submit(() -> restartBroker(run.faults, fault.millis())));
                } else {
                    carryOut(fault, run, fleet);
                }
            }
            sleepUntil(start, length.toMillis());
            for (Future<?> restart : begun) {
                restart.get(60, TimeUnit.SECONDS);
            }
        } finally {
            restarts.shutdown();
        }
    }

    private static void sleepUntil(long start, long millis) throws InterruptedException {
        long left = millis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        if (left > 0) {
            TimeUnit.MILLISECONDS.sleep(left);
        }
    }

    private static @Nullable Void restartBroker(FaultLog faults, int millis) throws InterruptedException {
        faults.note("Kafka is stopped");
        broker.stop();
        TimeUnit.MILLISECONDS.sleep(millis);
        broker.restart();
        faults.note("Kafka is back");
        return null;
    }

    private static void carryOut(Fault fault, PropertyRun run, RelayFleet fleet) {
        switch (fault.kind()) {
            case KILL -> {
                fleet.killOne(fault.pick());
                if (fleet.size() < 2) {
                    fleet.add(fault.pick());
                }
            }
            case PAUSE -> fleet.pauseOne(fault.pick(), Duration.ofMillis(fault.millis()));
            case ADD -> {
                if (fleet.size() >= MOST_RELAYS) {
                    fleet.killOne(fault.pick());
                }
                fleet.add(fault.pick());
            }
            case REMOVE -> {
                fleet.removeOne(fault.pick());
                if (fleet.size() == 0) {
                    fleet.add(fault.pick());
                }
            }
            case EMPTY_SEGMENTS -> run.operator.rotate();
            case DISCARD -> run.operator.release(fault.pick(), true);
            case TRY_AGAIN -> run.operator.release(fault.pick(), false);
            case CUT_CONNECTIONS -> run.faults.note(run.cutConnections() + " connections of relays are cut");
            default -> throw new IllegalArgumentException("Not a relay's fault: " + fault);
        }
    }
}
