package io.amends.test.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Draws faults from a seed. Each that struck has a number; a run that is given numbers has those faults only, so that a
 * failing run can be made smaller. Used by one thread.
 */
final class FaultSource {

    private final RandomGenerator random;
    private final @Nullable Set<Integer> only;
    private final List<Integer> struck = new ArrayList<>();
    private int drawn;
    private boolean healed;
    private boolean awake;

    FaultSource(RandomGenerator random, @Nullable Set<Integer> only) {
        this.random = random;
        this.only = only;
    }

    boolean strikes(double chance) {
        if (chance == 0 || healed || !awake) {
            return false;
        }
        int number = drawn++;
        boolean strikes = random.nextDouble() < chance && (only == null || only.contains(number));
        if (strikes) {
            struck.add(number);
        }
        return strikes;
    }

    /** Whether faults may strike now; returns whether they might before. */
    boolean awake(boolean now) {
        boolean before = awake;
        awake = now;
        return before;
    }

    /** From now on nothing goes wrong. */
    void heal() {
        healed = true;
    }

    boolean isHealed() {
        return healed;
    }

    List<Integer> struck() {
        return struck;
    }
}
