package io.amends.sample;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Kills roles and starts them again, each time a while after the last: every role once, then any of them, now and then two. */
final class RandomKills {

    private static final Duration PROGRESS = Duration.ofMinutes(3);
    private static final int ONE_IN_TWO_AT_ONCE = 4;
    private static final int SHORTEST_GAP = 100;
    private static final int LONGER_GAP = 200;

    private final Random random;
    private final Map<String, RoleProcess> roles;
    private final Map<String, Integer> kills = new TreeMap<>();

    RandomKills(Installation installation, Random random) {
        this.random = random;
        this.roles = new TreeMap<>(
                Map.of("transfer", installation.transfer, "bank-a", installation.bankA, "bank-b", installation.bankB));
    }

    /**
     * Goes on until the work is over.
     *
     * @param done how far the work is; a while is counted in that
     * @return how often each role was killed
     */
    Map<String, Integer> until(BooleanSupplier over, IntSupplier done) throws InterruptedException {
        List<String> order = new ArrayList<>(roles.keySet());
        Collections.shuffle(order, random);
        while (true) {
            int next = done.getAsInt() + SHORTEST_GAP + random.nextInt(LONGER_GAP);
            await("transfers end")
                    .atMost(PROGRESS)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> over.getAsBoolean() || done.getAsInt() >= next);
            if (over.getAsBoolean()) {
                return kills;
            }
            kill(victims(order));
        }
    }

    private List<String> victims(List<String> order) {
        if (!order.isEmpty()) {
            return List.of(order.remove(0));
        }
        List<String> some = new ArrayList<>(roles.keySet());
        Collections.shuffle(some, random);
        return some.subList(0, random.nextInt(ONE_IN_TWO_AT_ONCE) == 0 ? 2 : 1);
    }

    private void kill(List<String> names) throws InterruptedException {
        for (String name : names) {
            roles.get(name).kill();
            kills.merge(name, 1, Integer::sum);
        }
        for (String name : names) {
            roles.get(name).restart();
        }
        for (String name : names) {
            roles.get(name).awaitHealthy();
        }
    }
}
