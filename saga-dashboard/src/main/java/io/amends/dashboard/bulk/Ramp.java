package io.amends.dashboard.bulk;

import java.util.List;

/** Decides after each look how a run goes on. Pure. */
final class Ramp {

    /** So many must be known within a stage before their ratio says something. */
    private static final int ENOUGH = 10;

    private Ramp() {}

    /** What a run does next. */
    enum Next {
        GO_ON,
        WAIT,
        NEXT_STAGE,
        STOP,
        DONE
    }

    /**
     * How the items stand.
     *
     * @param open not ordered, of those up to the end of the stage
     * @param waiting ordered, and not known what came of it
     * @param progressed went on
     * @param failed did not
     */
    record Counts(long open, long waiting, long progressed, long failed) {}

    /** How many are done by the end of the stage. */
    static int bound(List<Integer> ramp, int stage, int items) {
        return stage < ramp.size() ? Math.min(ramp.get(stage), items) : items;
    }

    static Next next(Counts counts, List<Integer> ramp, int stage, int items, double stopRatio) {
        boolean isStageOver = counts.open() == 0 && counts.waiting() == 0;
        if (isStageOver && bound(ramp, stage, items) == items) {
            return Next.DONE;
        }
        long known = counts.progressed() + counts.failed();
        boolean isTelling = known >= ENOUGH || isStageOver;
        if (known > 0 && isTelling && counts.failed() > stopRatio * known) {
            return Next.STOP;
        }
        if (isStageOver) {
            return Next.NEXT_STAGE;
        }
        return counts.open() > 0 ? Next.GO_ON : Next.WAIT;
    }
}
