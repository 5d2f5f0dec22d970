package io.amends.runtime.observation;

import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to watch of one service's database.
 *
 * @param open the sagas that have not ended; of more than {@link FiguresReader#MOST} the oldest only
 * @param overdue how long the timer that is due longest has been due; zero if none is
 * @param quarantined how many messages are in quarantine, at most {@link FiguresReader#MOST}
 * @param setAside those of them that wait for an operator, by reason
 * @param waitingCommands how many commands wait for another attempt or for a semantic lock, at most likewise
 */
public record SagaFigures(
        List<Open> open, Duration overdue, long quarantined, List<SetAside> setAside, long waitingCommands) {

    public SagaFigures {
        open = List.copyOf(open);
        setAside = List.copyOf(setAside);
    }

    /**
     * Messages in quarantine for one reason; without those that a handler threw at, since their sagas were answered.
     *
     * @param reason the reason code, {@code LATE_MESSAGE} or {@code QUARANTINED_MESSAGE}
     * @param number how many
     * @param oldest how long the first of them has been there
     */
    public record SetAside(String reason, long number, Duration oldest) {

        /** All reasons that there are. */
        public static final List<String> REASONS = List.of("LATE_MESSAGE", "QUARANTINED_MESSAGE");
    }

    /**
     * Some sagas that have not ended.
     *
     * @param saga the definition's name
     * @param phase where they stand
     * @param reason why they are stuck, null if they are not
     * @param number how many
     * @param unchanged for how long the one has been left alone that nothing has changed for longest
     */
    public record Open(
            String saga, SagaPhase phase, @Nullable String reason, long number, Duration unchanged) {}
}
