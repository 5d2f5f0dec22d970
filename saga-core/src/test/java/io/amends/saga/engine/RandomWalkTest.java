package io.amends.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.definition.SagaDefinition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Walks through the engine with events by chance, many of them nonsense, and checks after each what must hold for any
 * sequence. A failure names its seed; {@code -Drandom-walk.seed=...} walks the same ways again.
 */
class RandomWalkTest {

    private static final long SEED = Long.getLong("random-walk.seed", new Random().nextLong());

    @Test
    void no_sequence_of_events_breaks_a_promise() {
        Map<SagaPhase, Integer> ends = new HashMap<>();
        for (int walk = 0; walk < 6_000; walk++) {
            walk(SEED, walk, new HashSet<>(), ends);
        }
        // A walk that never gets anywhere would prove nothing.
        assertThat(ends)
                .as("seed %d", SEED)
                .containsKeys(SagaPhase.COMPLETED, SagaPhase.COMPENSATED, SagaPhase.STUCK, SagaPhase.COMPENSATING);
    }

    /** That none is taken beside them is a rule of every walk. The seed is fixed: some ways are rare. */
    @Test
    void every_transition_of_the_tables_is_taken_by_each_of_its_triggers() {
        Set<Way> taken = new HashSet<>();
        for (int walk = 0; walk < 30_000 && taken.size() < Way.ALLOWED.size(); walk++) {
            walk(1, walk, taken, new HashMap<>());
        }
        Set<Way> never = new HashSet<>(Way.ALLOWED);
        never.removeAll(taken);
        assertThat(never).as("transitions that no event causes").isEmpty();
    }

    private static void walk(long seed, int walk, Set<Way> taken, Map<SagaPhase, Integer> ends) {
        Random random = new Random(seed + walk);
        boolean moody = walk % 5 == 0;
        SagaDefinition definition = switch (walk % 10) {
            case 1 -> TripSagas.trip();
            case 2 -> TripSagas.parallel();
            case 3 -> TripSagas.local();
            default -> RandomSagas.one(random, moody);
        };
        String where = "-Drandom-walk.seed=%d, walk %d".formatted(seed, walk);
        RandomWalk way = new RandomWalk(definition, random, taken, where);
        ends.merge(way.run(), 1, Integer::sum);
        if (!moody) {
            ends.merge(way.heal(), 1, Integer::sum);
        }
    }
}
