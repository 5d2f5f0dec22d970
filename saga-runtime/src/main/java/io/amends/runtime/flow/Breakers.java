package io.amends.runtime.flow;

import io.amends.runtime.flow.FlowSettings.Breaking;
import io.amends.runtime.flow.FlowTables.Row;
import io.amends.runtime.flow.ParticipantFlow.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves the shared breakers on, within one look of one process. Used once, by one thread. */
final class Breakers {

    /**
     * What a process saw of a participant since its last look.
     *
     * @param answered whether it gave an answer
     * @param failures how often it failed, after its last answer if it gave one
     */
    record Seen(boolean answered, int failures) {

        static final Seen NOTHING = new Seen(false, 0);
    }

    private record Change(String participant, Breaker from, Breaker to) {}

    private static final Logger log = LoggerFactory.getLogger(FlowControl.class);

    private final FlowTables tables;
    private final List<Change> changes = new ArrayList<>();

    Breakers(FlowTables tables) {
        this.tables = tables;
    }

    /** Decides by the rows that were read whether there is anything to say; if there is, once more by the locked ones. */
    void moveOn(Map<String, Row> rows, Map<String, Seen> seen, Set<String> movable, Breaking settings) {
        Set<String> names = new HashSet<>(rows.keySet());
        seen.forEach((name, news) -> {
            if (news.failures() > 0) {
                names.add(name);
            }
        });
        if (names.isEmpty()) {
            return;
        }
        Instant now = tables.now();
        names.removeIf(name -> {
            Row row = rows.get(name);
            Breaker from = row == null ? Breaker.closed(now) : row.breaker();
            return next(from, name, seen, movable, now, settings).equals(from);
        });
        if (names.isEmpty()) {
            return;
        }
        Map<String, Row> locked = tables.lock(names);
        Instant decided = tables.now();
        Map<String, Breaker> after = new HashMap<>();
        locked.forEach((name, row) -> {
            Breaker next = next(row.breaker(), name, seen, movable, decided, settings);
            if (!next.equals(row.breaker())) {
                after.put(name, next);
                changes.add(new Change(name, row.breaker(), next));
            }
            rows.put(name, new Row(next, row.heldBy()));
        });
        if (!after.isEmpty()) {
            tables.update(after);
        }
    }

    private static Breaker next(
            Breaker from, String name, Map<String, Seen> seen, Set<String> movable, Instant now, Breaking settings) {
        Seen news = seen.getOrDefault(name, Seen.NOTHING);
        return from.heard(news.answered(), news.failures(), now, settings).at(now, movable.contains(name), settings);
    }

    /** Whether it was this look that found the pause over: who finds that sends the probes. */
    boolean isProbedHere(String participant) {
        return changes.stream()
                .anyMatch(change ->
                        change.participant().equals(participant) && change.to().state() == State.HALF_OPEN);
    }

    /** Once the look has committed: what changed, by the process that changed it. */
    void tell() {
        for (Change change : changes) {
            State from = change.from().state();
            State to = change.to().state();
            if (from == to) {
                continue;
            }
            switch (to) {
                case OPEN -> {
                    if (from == State.CLOSED) {
                        log.warn(
                                "Participant '{}' failed {} times without an answer in between: commands for it are held, and it is probed in {}",
                                change.participant(),
                                change.to().failures(),
                                change.to().pause());
                    } else {
                        log.info(
                                "Participant '{}' did not answer its probes; it is probed again in {}",
                                change.participant(),
                                change.to().pause());
                    }
                }
                case HALF_OPEN -> log.info("Participant '{}' is probed", change.participant());
                case CLOSED ->
                    log.info(
                            "Participant '{}' answers again after {}: what was held for it goes on",
                            change.participant(),
                            Duration.between(change.from().since(), change.to().since()));
            }
        }
    }
}
