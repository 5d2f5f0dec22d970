package io.amends.spring.boot.autoconfigure.observability;

import io.amends.runtime.observation.SagaFigures;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Only sagas in phase STUCK: what can be told without saga-dashboard, which also knows those that should have moved on. */
final class StuckByPhase implements StuckNumbers {

    private static final List<String> REASONS = List.of(
            ReasonCode.COMPENSATION_FAILED.name(),
            ReasonCode.RETRIES_EXHAUSTED.name(),
            ReasonCode.NON_RETRYABLE.name(),
            ReasonCode.DEADLINE_BREACHED.name(),
            ReasonCode.NO_HANDLER_VERSION.name());

    @Override
    public List<String> reasons() {
        return REASONS;
    }

    @Override
    public Map<String, Line> read(SagaFigures figures) {
        Map<String, Line> lines = new TreeMap<>();
        figures.open().stream()
                .filter(open -> open.phase() == SagaPhase.STUCK)
                .forEach(open ->
                        lines.merge(known(open.reason()), new Line(open.number(), open.unchanged()), Line::and));
        return lines;
    }

    /** A reason that is not in the list, of an older or newer version, counts as one that repeating does not mend. */
    private static String known(@Nullable String reason) {
        return reason != null && REASONS.contains(reason) ? reason : ReasonCode.NON_RETRYABLE.name();
    }
}
