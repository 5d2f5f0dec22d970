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
 * @param waitingCommands how many commands wait for another attempt or for a semantic lock, at most likewise
 */
public record SagaFigures(List<Open> open, Duration overdue, long quarantined, long waitingCommands) {

    public SagaFigures {
        open = List.copyOf(open);
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
