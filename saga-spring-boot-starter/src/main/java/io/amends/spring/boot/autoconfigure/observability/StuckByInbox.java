package io.amends.spring.boot.autoconfigure.observability;

import io.amends.dashboard.database.ReadTooSlowException;
import io.amends.dashboard.stuck.StuckCounts.Cell;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.runtime.observation.SagaFigures;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.dao.QueryTimeoutException;

/** All reasons that saga-dashboard knows, for sagas that run and should have moved on as well. */
final class StuckByInbox implements StuckNumbers {

    /** Those are of messages and branches, not of sagas; they have gauges of their own. */
    private static final EnumSet<StuckReason> NO_SAGAS = EnumSet.of(StuckReason.IN_DOUBT_2PC, StuckReason.LATE_MESSAGE);

    private final StuckInbox inbox;
    private final InstantSource clock;

    /** @param clock tells ages; a machine's clock that is off makes them wrong by as much, and never negative */
    StuckByInbox(StuckInbox inbox, InstantSource clock) {
        this.inbox = inbox;
        this.clock = clock;
    }

    @Override
    public List<String> reasons() {
        return EnumSet.complementOf(NO_SAGAS).stream().map(Enum::name).toList();
    }

    @Override
    public Map<String, Line> read(SagaFigures figures) {
        try {
            Instant now = clock.instant();
            Map<String, Line> lines = new TreeMap<>();
            for (Cell cell : inbox.counts().cells()) {
                Duration since = cell.oldest().isAfter(now) ? Duration.ZERO : Duration.between(cell.oldest(), now);
                lines.merge(cell.reason().name(), new Line(cell.number(), since), Line::and);
            }
            return lines;
        } catch (ReadTooSlowException slow) {
            throw new QueryTimeoutException("Stuck sagas are not counted", slow);
        }
    }
}
