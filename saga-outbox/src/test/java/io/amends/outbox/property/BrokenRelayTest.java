package io.amends.outbox.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.property.Violation.Kind;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The property is worth something only if it notices relays that are wrong, and is content with one that is right. */
class BrokenRelayTest {

    /** Chance decides, so a mistake may need a second look. */
    private static final int MOST_SEEDS = 10;

    /** The relays begin with a backlog. */
    private static final Duration BACKLOG = Duration.ofMillis(300);

    private static final Duration WRITING = Duration.ofMillis(600);

    /** These relays read every few milliseconds, so what has not come by then never comes. */
    private static final Duration PATIENCE = Duration.ofMillis(1_500);

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void a_right_relay_passes_though_it_crashes_now_and_then() throws Exception {
        assertThat(run(BrokenWay.RIGHT, 1, Load.MANY_REFUSALS, 1)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ID_CURSOR, 1, LOST",
        "XMIN_HORIZON, 1, OUT_OF_ORDER",
        "SKIP_LOCKED, 2, OUT_OF_ORDER",
        "MARK_FIRST, 1, LOST",
        "PAST_FAILURE, 1, LOST",
        "ASIDE_ALONE, 1, OVERTOOK_A_REFUSED"
    })
    void a_broken_relay_is_noticed(BrokenWay way, int relays, Kind kind) throws Exception {
        boolean refusals = way == BrokenWay.PAST_FAILURE || way == BrokenWay.ASIDE_ALONE;
        Load load = refusals ? Load.MANY_REFUSALS : Load.WITHOUT_REFUSALS;
        long start = System.nanoTime();
        List<Violation> violations = List.of();
        int seed = 0;
        while (Checker.first(violations, kind) == null && seed < MOST_SEEDS) {
            seed++;
            violations = run(way, relays, load, seed);
        }
        System.out.printf(
                "property: %s is noticed after %d seeds and %d ms: %s%n",
                way, seed, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), Checker.first(violations, kind));
        assertThat(violations)
                .as("%s, seeds 1 to %d", way, seed)
                .extracting(Violation::kind)
                .contains(kind);
    }

    private static List<Violation> run(BrokenWay way, int relays, Load load, long seed) throws Exception {
        try (PropertyRun run = new PropertyRun(EmbeddedKafkaBroker.shared(), load)) {
            prepare(run);
            List<HandWrittenRelay> started = new ArrayList<>();
            try {
                run.writers.start(seed);
                TimeUnit.NANOSECONDS.sleep(BACKLOG.toNanos());
                for (int i = 0; i < relays; i++) {
                    started.add(new HandWrittenRelay(
                            run.database.dataSource(),
                            EmbeddedKafkaBroker.shared().bootstrapServers(),
                            way,
                            seed + i));
                }
                TimeUnit.NANOSECONDS.sleep(WRITING.toNanos());
                run.writers.end();
                List<Violation> violations = run.awaitDrained(way == BrokenWay.RIGHT ? LONG : PATIENCE);
                run.checkJournal();
                assertThat(started).extracting(HandWrittenRelay::trouble).containsOnlyNulls();
                return violations;
            } finally {
                started.forEach(HandWrittenRelay::close);
            }
        }
    }

    private static void prepare(PropertyRun run) throws SQLException {
        try (Connection connection = run.database.dataSource().getConnection()) {
            BrokenWay.prepare(connection);
        }
    }
}
