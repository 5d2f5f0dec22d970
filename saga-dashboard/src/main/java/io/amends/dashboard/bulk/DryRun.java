package io.amends.dashboard.bulk;

import io.amends.dashboard.verbs.Foreseen;
import io.amends.runtime.SagaOperations.Result;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a run would do, asked of the engine and not carried out.
 *
 * @param counts how many sagas would get which result; together, as many as were asked about
 * @param isAll whether these are all that were found for the run; if not, only its first sagas were asked about
 * @param sample some of them, of each result at least one
 */
public record DryRun(Map<Result, Long> counts, boolean isAll, List<Foreseen> sample) {

    private static final int SAMPLE = 20;

    public DryRun {
        counts = Map.copyOf(counts);
        sample = List.copyOf(sample);
    }

    static DryRun of(List<Foreseen> foreseen, boolean isAll) {
        Map<Result, Long> counts = new EnumMap<>(Result.class);
        List<Foreseen> sample = new ArrayList<>();
        for (Foreseen each : foreseen) {
            if (counts.merge(each.result(), 1L, Long::sum) == 1 || sample.size() < SAMPLE) {
                sample.add(each);
            }
        }
        return new DryRun(counts, isAll, sample);
    }
}
