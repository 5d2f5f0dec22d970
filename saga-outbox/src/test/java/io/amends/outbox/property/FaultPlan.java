package io.amends.outbox.property;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        RESTART_KAFKA
    }

    /**
     * One fault.
     *
     * @param at milliseconds after the start
     * @param kind what is done
     * @param pick which relay, modulo their number
     * @param millis how long, where it lasts
     */
    record Fault(long at, Kind kind, int pick, int millis) {}

    static List<Fault> of(long seed, Duration length) {
        Random random = new Random(seed);
        List<Fault> plan = new ArrayList<>();
        long end = length.toMillis() - 1_500;
        long restart = Math.min(BETWEEN_BROKER_RESTARTS.toMillis(), length.toMillis() / 2);
        for (long at = 1_500; at < end; at += 200 + random.nextInt(1_300)) {
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
        if (dice < 22) {
            return Kind.KILL;
        }
        if (dice < 50) {
            return Kind.PAUSE;
        }
        if (dice < 72) {
            return Kind.ADD;
        }
        return dice < 84 ? Kind.REMOVE : Kind.CUT_CONNECTIONS;
    }

    /** Mostly longer than a lease. */
    private static int pause(Random random) {
        int lease = (int) RelayProcess.LEASE.toMillis();
        return lease / 2 + random.nextInt(2 * lease);
    }
}
