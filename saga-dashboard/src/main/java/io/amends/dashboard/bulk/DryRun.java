package io.amends.dashboard.bulk;

import io.amends.dashboard.verbs.Foreseen;
import io.amends.runtime.SagaOperations.Result;
import java.util.List;
import java.util.Map;

/**
 * What a run would do, asked of the engine and not carried out.
 *
 * @param counts how many sagas would get which result
 * @param sample some of them, of each result at least one
 */
public record DryRun(Map<Result, Long> counts, List<Foreseen> sample) {
    public DryRun {
        counts = Map.copyOf(counts);
        sample = List.copyOf(sample);
    }
}
