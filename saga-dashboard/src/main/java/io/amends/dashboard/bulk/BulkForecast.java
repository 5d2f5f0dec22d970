package io.amends.dashboard.bulk;

import io.amends.dashboard.bulk.BulkPreview.Sample;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.Foresight;
import java.util.List;
import java.util.UUID;

/** Tells which sagas a run would take, and what its verb would do to them; changes nothing. Safe for use by many threads. */
public final class BulkForecast {

    private static final int SAMPLE = 20;
    private static final int MOST_FORESEEN = 1_000;

    private final BoundedReads reads;
    private final Matching matching;
    private final Foresight foresight;

    /**
     * @param reads reads of the orchestrator's database with a time limit
     * @param allowances how long what is due may be late before it counts as stuck, for filters that ask it
     * @param foresight tells what a verb would do
     */
    public BulkForecast(BoundedReads reads, StuckAllowances allowances, Foresight foresight) {
        this.reads = reads;
        this.matching = new Matching(allowances);
        this.foresight = foresight;
    }

    /**
     * Which sagas a run would take now.
     *
     * @param most how many a run takes at most
     */
    public BulkPreview preview(SagaFilter filter, int most) {
        return reads.read(from -> {
            Matching.Count count = matching.count(from, filter, most + 1);
            return new BulkPreview(
                    Math.min(count.number(), most),
                    count.number() <= most,
                    count.isAllRead(),
                    matching.sample(from, filter, SAMPLE));
        });
    }

    /** What a verb would do to the sagas of a filter, the first thousand of them at most; nothing is done to them. */
    public DryRun dryRun(SagaFilter filter, ConsoleVerb verb) {
        return dryRun(filter, verb, MOST_FORESEEN);
    }

    /** Likewise, of so many at most. */
    DryRun dryRun(SagaFilter filter, ConsoleVerb verb, int most) {
        List<UUID> first = reads.read(from -> matching.sample(from, filter, most + 1)).stream()
                .map(Sample::sagaId)
                .toList();
        boolean isAll = first.size() <= most;
        return DryRun.of(foresight.of(isAll ? first : first.subList(0, most), verb), isAll);
    }
}
