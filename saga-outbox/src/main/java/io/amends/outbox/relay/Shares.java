package io.amends.outbox.relay;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** How the lanes are shared out. */
final class Shares {

    private Shares() {}

    /**
     * How many lanes a relay should have: as many as every other one that is alive, and where it does not come out even
     * those whose names come first have one more.
     */
    static int of(String me, Collection<String> alive, int lanes) {
        SortedSet<String> all = new TreeSet<>(alive);
        all.add(me);
        int before = all.headSet(me).size();
        return lanes / all.size() + (before < lanes % all.size() ? 1 : 0);
    }

    /** The free lanes to try for: no more than are missing. */
    static List<Integer> wanted(int share, int held, List<Integer> free) {
        return free.subList(0, Math.max(0, Math.min(share - held, free.size())));
    }

    /** The held lanes to give back: those beyond the share, the last first. */
    static List<Integer> surplus(int share, List<Integer> held) {
        return held.size() <= share ? List.of() : held.subList(share, held.size());
    }
}
