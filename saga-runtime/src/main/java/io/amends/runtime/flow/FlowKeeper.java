package io.amends.runtime.flow;

import io.amends.runtime.flow.FlowControl.Admission;
import io.amends.runtime.rounds.Rounds;
import io.amends.runtime.rounds.Rounds.Turn;
import java.time.Duration;

/** Lets the flow control look regularly, on a thread of its own. Every process does. While it can't look, what it read last counts. Safe for use by many threads. */
public final class FlowKeeper {

    /** So that many answers in a row are used together. */
    private static final Duration GATHERING = Duration.ofMillis(10);

    private static final Duration SHORT_WAIT = Duration.ofMillis(100);

    private final FlowControl control;
    private final Admission admission;
    private final Rounds rounds = new Rounds("saga-flow", "The flow control", this::round);

    /**
     * @param control looks
     * @param admission lets sagas go on; {@link Admission#NONE} in a process that moves none on
     */
    public FlowKeeper(FlowControl control, Admission admission) {
        this.control = control;
        this.admission = admission;
    }

    /** Begins looking, that often. */
    public void start(Duration interval) {
        rounds.start(interval);
    }

    /** Ends after the look that is under way, waiting at most that long. */
    public void stop(Duration limit) {
        rounds.stop(limit);
    }

    private Duration round(Turn turn) throws InterruptedException {
        control.look(admission);
        long next = System.nanoTime() + turn.interval().toNanos();
        while (next - System.nanoTime() > 0 && !turn.pause(GATHERING)) {
            // In short waits, so that an end is noticed soon.
            long left = Math.min(next - System.nanoTime(), SHORT_WAIT.toNanos());
            control.useRoom(Duration.ofNanos(left), admission);
        }
        return Duration.ZERO;
    }
}
