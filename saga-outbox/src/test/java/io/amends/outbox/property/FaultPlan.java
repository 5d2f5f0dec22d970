package io.amends.outbox.property;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What is done to relays and servers and when; the same for the same seed. */
final class FaultPlan {

    private static final Duration BETWEEN_BROKER_RESTARTS = Duration.ofSeconds(20);

    private static final long FIRST_MILLIS = 300;

    /** For what follows from the last fault while there is still load. */
    private static final long LAST_MILLIS = 1_500;

    private FaultPlan() {}

    enum Kind {
        KILL,
        PAUSE,
        ADD,
        REMOVE,
        CUT_CONNECTIONS,
        EMPTY_SEGMENTS,
        DISCARD,
        TRY_AGAIN,
        RESTART_KAFKA
    }

    /**
     * One fault.
     *
     * @param at milliseconds after all relays were at work
     * @param kind what is done
     * @param pick which relay or key, modulo their number
     * @param millis how long, where it lasts
     */
    record Fault(long at, Kind kind, int pick, int millis) {}

    /** Out of 100. */
    private static final Map<Kind, Integer> SHARES = new EnumMap<>(Map.of(
            Kind.KILL, 20,
            Kind.PAUSE, 22,
            Kind.ADD, 13,
            Kind.REMOVE, 8,
            Kind.CUT_CONNECTIONS, 10,
            Kind.EMPTY_SEGMENTS, 12,
            Kind.DISCARD, 9,
            Kind.TRY_AGAIN, 6));

    /** Of these each plan has one at least, however short it is; what else happens is left to chance. */
    private static final List<Kind> ALWAYS = List.of(Kind.KILL, Kind.PAUSE, Kind.ADD, Kind.REMOVE);

    static List<Fault> of(long seed, Duration length) {
        Random random = new Random(seed);
        List<Kind> first = new ArrayList<>(ALWAYS);
        Collections.shuffle(first, random);
        List<Fault> plan = new ArrayList<>();
        long end = length.toMillis() - LAST_MILLIS;
        long restart = Math.min(BETWEEN_BROKER_RESTARTS.toMillis(), length.toMillis() / 2);
        for (long at = FIRST_MILLIS; at < end; at += 200 + random.nextInt(first.isEmpty() ? 1_000 : 500)) {
            if (at >= restart) {
                plan.add(new Fault(at, Kind.RESTART_KAFKA, 0, random.nextInt(800)));
                restart += BETWEEN_BROKER_RESTARTS.toMillis();
            } else {
                Kind kind = first.isEmpty() ? kind(random.nextInt(100)) : first.remove(0);
                plan.add(new Fault(at, kind, random.nextInt(6), pause(random)));
            }
        }
        return plan;
    }

    private static Kind kind(int dice) {
        int sum = 0;
        for (Map.Entry<Kind, Integer> share : SHARES.entrySet()) {
            sum += share.getValue();
            if (dice < sum) {
                return share.getKey();
            }
        }
        throw new IllegalStateException("The shares are less than 100");
    }

    /** Mostly longer than a lease. */
    private static int pause(Random random) {
        int lease = (int) RelayProcess.LEASE.toMillis();
        return lease / 2 + random.nextInt(2 * lease);
    }
}
