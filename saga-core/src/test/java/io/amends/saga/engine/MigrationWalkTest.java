package io.amends.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.definition.SagaDefinition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Instances by chance that are moved, wherever they stand, to a version that was changed by chance: what is let through keeps every
 * promise to its end, as if it had been of that version from its start. A failure names its seed;
 * {@code -Drandom-walk.seed=...} walks the same ways again.
 */
class MigrationWalkTest {

    private static final long SEED = Long.getLong("random-walk.seed", new Random().nextLong());

    @Test
    void whoever_is_let_through_keeps_every_promise_of_the_other_version() {
        Map<Disposition, Integer> came = new HashMap<>();
        for (int walk = 0; walk < 1_500; walk++) {
            Random random = new Random(SEED + walk);
            SagaDefinition first = RandomSagas.one(random, false);
            RandomWalk way = new RandomWalk(
                    first, random, new HashSet<>(), "-Drandom-walk.seed=%d, walk %d".formatted(SEED, walk));
            way.run(random.nextInt(12));
            came.merge(way.migrate(RandomSagas.changed(first, random)), 1, Integer::sum);
            way.run(20);
            way.heal();
        }
        // Both must come often, or else nothing was tried.
        assertThat(came.get(Disposition.ACCEPTED)).as("seed %d", SEED).isGreaterThan(150);
        assertThat(came.get(Disposition.NOT_ALLOWED)).as("seed %d", SEED).isGreaterThan(150);
    }

    @Test
    void the_same_steps_under_another_number_are_always_let_through() {
        for (int walk = 0; walk < 500; walk++) {
            Random random = new Random(SEED + walk);
            SagaDefinition first = RandomSagas.one(random, false);
            RandomWalk way = new RandomWalk(
                    first, random, new HashSet<>(), "-Drandom-walk.seed=%d, walk %d".formatted(SEED, walk));
            boolean hasEnded = way.run(random.nextInt(40)).isTerminal();
            assertThat(way.migrate(RandomSagas.renumbered(first)))
                    .as("seed %d, walk %d", SEED, walk)
                    .isEqualTo(hasEnded ? Disposition.NOT_ALLOWED : Disposition.ACCEPTED);
        }
    }
}
