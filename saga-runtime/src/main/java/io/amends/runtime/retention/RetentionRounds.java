package io.amends.runtime.retention;

import io.amends.outbox.failure.ErrorText;
import io.amends.runtime.retention.SagaRetention.What;
import io.amends.runtime.rounds.Rounds;
import io.amends.runtime.rounds.Rounds.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes regularly, on a thread of its own. After each transaction it pauses for as long as that took, so that a backlog leaves
 * the database at least half of the time to others. Trouble is told once, and the next round tries again. Safe for use by many
 * threads.
 */
public final class RetentionRounds {

    private static final Logger log = LoggerFactory.getLogger(RetentionRounds.class);

    private final SagaRetention retention;
    private final Runnable first;
    private final Rounds rounds = new Rounds("saga-retention", "The removal of old sagas and commands", this::round);
    private volatile boolean isChecked;

    /** @param first done once, before the first round; what it throws is told and keeps nothing from going on */
    public RetentionRounds(SagaRetention retention, Runnable first) {
        this.retention = retention;
        this.first = first;
    }

    /** Begins with a round at once; nothing if it has begun. */
    public void start(Duration interval) {
        rounds.start(interval);
    }

    /** Ends after the transaction that is under way, which is interrupted if it takes longer than that. */
    public void stop(Duration limit) {
        rounds.stop(limit);
    }

    private Duration round(Turn turn) throws InterruptedException {
        checkOnce();
        Map<What, Long> before = counts();
        try {
            long begun = System.nanoTime();
            while (!turn.isEnding() && retention.removeSome()) {
                if (turn.pause(Duration.ofNanos(System.nanoTime() - begun))) {
                    break;
                }
                begun = System.nanoTime();
            }
        } catch (RuntimeException | Error thrown) {
            retention.breakOff();
            throw thrown;
        } finally {
            tell(before);
        }
        return turn.interval();
    }

    private void checkOnce() {
        if (isChecked) {
            return;
        }
        isChecked = true;
        try {
            first.run();
        } catch (RuntimeException | Error thrown) {
            log.warn("What the retention rests on could not be checked: {}", ErrorText.of(thrown));
        }
    }

    private Map<What, Long> counts() {
        Map<What, Long> counts = new EnumMap<>(What.class);
        for (What what : What.values()) {
            counts.put(what, retention.removed(what));
        }
        return counts;
    }

    private void tell(Map<What, Long> before) {
        List<String> parts = new ArrayList<>();
        counts().forEach((what, now) -> {
            long more = now - before.getOrDefault(what, 0L);
            if (more > 0) {
                parts.add(what.word() + " " + more);
            }
        });
        if (!parts.isEmpty()) {
            log.info("Removed what was kept for long enough: {}", String.join(", ", parts));
        }
    }
}
