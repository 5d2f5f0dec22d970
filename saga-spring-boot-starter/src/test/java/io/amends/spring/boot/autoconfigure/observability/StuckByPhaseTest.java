package io.amends.spring.boot.autoconfigure.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.observation.SagaFigures;
import io.amends.runtime.observation.SagaFigures.Open;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StuckByPhaseTest {

    @Test
    void only_phase_stuck_counts_over_all_definitions_and_an_unknown_reason_is_one_that_repeating_does_not_mend() {
        SagaFigures figures = new SagaFigures(
                List.of(
                        new Open("order", SagaPhase.RUNNING, null, 7, Duration.ofHours(9)),
                        new Open("order", SagaPhase.STUCK, "RETRIES_EXHAUSTED", 2, Duration.ofMinutes(1)),
                        new Open("transfer", SagaPhase.STUCK, "RETRIES_EXHAUSTED", 1, Duration.ofMinutes(3)),
                        new Open("transfer", SagaPhase.STUCK, "FROM_THE_FUTURE", 1, Duration.ZERO)),
                Duration.ZERO,
                0,
                List.of(),
                0);

        assertThat(new StuckByPhase().read(figures))
                .isEqualTo(Map.of(
                        "RETRIES_EXHAUSTED", new StuckNumbers.Line(3, Duration.ofMinutes(3)),
                        "NON_RETRYABLE", new StuckNumbers.Line(1, Duration.ZERO)));
    }
}
