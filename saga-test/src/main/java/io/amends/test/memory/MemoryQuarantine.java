package io.amends.test.memory;

import io.amends.runtime.quarantine.Quarantine;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Messages that nobody understands in a {@link MemoryDatabase}. Safe for use by many threads. */
public final class MemoryQuarantine implements Quarantine {

    private final MemoryTable<String, Case> cases;
    private final LongAdder kept = new LongAdder();

    /** In that database. */
    public MemoryQuarantine(MemoryDatabase database) {
        this.cases = database.table("saga_inbox_quarantine");
    }

    @Override
    public void keep(List<Case> toKeep) {
        kept.add(toKeep.size());
        toKeep.forEach(one -> cases.insert(one.record().place(), one));
    }

    /** What is there. */
    public List<Case> all() {
        return cases.values();
    }

    @Override
    public long kept() {
        return kept.sum();
    }
}
