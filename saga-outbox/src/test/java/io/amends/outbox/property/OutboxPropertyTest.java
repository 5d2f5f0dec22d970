package io.amends.outbox.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.property.FaultPlan.Fault;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The outbox's promise as a whole: whatever writers, relays, PostgreSQL and Kafka go through, each key's committed messages
 * arrive in commit order, none is lost and none invented. A failure names the seed; {@code -Dproperty.seed=...} makes the
 * same plan again, {@code -Dproperty.seconds=...} a longer one.
 */
class OutboxPropertyTest {

    private static final long SEED = Long.getLong("property.seed", new Random().nextInt(1_000_000));
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("property.seconds", 12));
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
    @ValueSource(strings = "pending-set")
    void every_key_arrives_in_commit_order_and_complete_whatever_happens(String mode) throws Exception {
        String again = "-Dproperty.seed=%d -Dproperty.seconds=%d, %s".formatted(SEED, LENGTH.toSeconds(), mode);
        try (PropertyRun run = new PropertyRun(broker, Load.USUAL);
                RelayFleet fleet = new RelayFleet(
                        EmbeddedPostgresServer.shared(), run.jdbcUrl(), broker.bootstrapServers(), mode, run.faults)) {
            run.beginNoise();
            List<Message> inDoubt = new ArrayList<>();
            String gid = run.writers.leaveInDoubt(inDoubt);
            fleet.add();
            fleet.add();
            run.writers.start(SEED);
            carryOut(FaultPlan.of(SEED, LENGTH), run, fleet);
            run.writers.end();
            if (fleet.size() == 0) {
                fleet.add();
            }
            run.faults.note("faults end");

            // With transactions still open and one still in doubt.
            check(again, run, run.awaitDrained(PATIENCE));
            run.writers.finish(gid, inDoubt, true);
            check(again, run, run.awaitDrained(PATIENCE));
            run.checkJournal();
            assertThat(fleet.ended()).as(again).isEmpty();
            fleet.end();
            // What the last relays sent in their last moment counts too.
            check(again, run, run.awaitDrained(Duration.ZERO));
            System.out.printf("property: %s: %s%n", again, run.summary());
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

    private static void carryOut(List<Fault> plan, PropertyRun run, RelayFleet fleet) throws InterruptedException {
        long start = System.nanoTime();
        for (Fault fault : plan) {
            long wait = fault.at() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            if (wait > 0) {
                TimeUnit.MILLISECONDS.sleep(wait);
            }
            carryOut(fault, run, fleet);
        }
        long left = LENGTH.toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        if (left > 0) {
            TimeUnit.MILLISECONDS.sleep(left);
        }
    }

    private static void carryOut(Fault fault, PropertyRun run, RelayFleet fleet) throws InterruptedException {
        switch (fault.kind()) {
            case KILL -> {
                fleet.killOne(fault.pick());
                if (fleet.size() < 2) {
                    fleet.add();
                }
            }
            case PAUSE -> fleet.pauseOne(fault.pick(), Duration.ofMillis(fault.millis()));
            case ADD -> {
                if (fleet.size() < MOST_RELAYS) {
                    fleet.add();
                }
            }
            case REMOVE -> {
                fleet.removeOne(fault.pick());
                if (fleet.size() == 0) {
                    fleet.add();
                }
            }
            case CUT_CONNECTIONS -> run.faults.note(run.cutConnections() + " connections of relays are cut");
            case RESTART_KAFKA -> {
                run.faults.note("Kafka is stopped");
                broker.stop();
                TimeUnit.MILLISECONDS.sleep(fault.millis());
                broker.restart();
                run.faults.note("Kafka is back");
            }
        }
    }
}
