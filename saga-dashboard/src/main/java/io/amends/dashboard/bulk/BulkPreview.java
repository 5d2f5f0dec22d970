package io.amends.dashboard.bulk;

import io.amends.saga.engine.SagaPhase;
import java.util.List;
import java.util.UUID;

/**
 * The sagas that a run would take.
 *
 * @param count how many, counted up to the run's limit
 * @param isAll whether that is all of them, false if there are more than a run takes
 * @param isAllRead whether all was read that the filter asks about; if not, more sagas may be like it: it asks what is stuck, and
 *     only a part of that was read
 * @param sample some of them
 */
public record BulkPreview(long count, boolean isAll, boolean isAllRead, List<Sample> sample) {

    public BulkPreview {
        sample = List.copyOf(sample);
    }

    /** One of the sagas. */
    public record Sample(UUID sagaId, String name, String key, SagaPhase phase, long revision) {}
}
