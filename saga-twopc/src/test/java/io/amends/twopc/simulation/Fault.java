package io.amends.twopc.simulation;

import java.util.Set;

/** What goes wrong in a run. */
sealed interface Fault {

    /**
     * A process crashes in the middle of a step: what it keeps is written, and only some of its messages have left.
     *
     * @param process which one
     * @param step in which of its steps, from 1
     * @param sent how many messages of that step have left
     * @param away for how many ticks it is away
     */
    record Crash(String process, int step, int sent, int away) implements Fault {}

    /**
     * The network is parted: nothing passes between one side and the others.
     *
     * @param side who is on one side
     * @param from the first tick
     * @param until the first tick at which it is whole again
     */
    record Partition(Set<String> side, int from, int until) implements Fault {

        boolean parts(String one, String other, int tick) {
            return from <= tick && tick < until && side.contains(one) != side.contains(other);
        }
    }
}
