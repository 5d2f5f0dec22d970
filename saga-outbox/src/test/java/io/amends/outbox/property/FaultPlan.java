package io.amends.outbox.property;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What is done to relays and servers and when; the same for the same seed. */
final class FaultPlan {

    private static final Duration BETWEEN_BROKER_RESTARTS = Duration.ofSeconds(20);

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
     * @param at milliseconds after the start
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

    static List<Fault> of(long seed, Duration length) {
        Random random = new Random(seed);
        List<Fault> plan = new ArrayList<>();
        long end = length.toMillis() - 1_500;
        long restart = Math.min(BETWEEN_BROKER_RESTARTS.toMillis(), length.toMillis() / 2);
        for (long at = 1_500; at < end; at += 200 + random.nextInt(1_000)) {
            if (at >= restart) {
                plan.add(new Fault(at, Kind.RESTART_KAFKA, 0, random.nextInt(800)));
                restart += BETWEEN_BROKER_RESTARTS.toMillis();
            } else {
                plan.add(new Fault(at, kind(random.nextInt(100)), random.nextInt(6), pause(random)));
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
