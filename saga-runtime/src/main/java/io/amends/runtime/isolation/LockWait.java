package io.amends.runtime.isolation;

import java.time.Duration;
import java.util.List;

/**
 * What a command waits for. Immutable.
 *
 * @param names the locks, sorted
 * @param inOrder whether it has a place in the queue
 * @param limit from its first delivery on
 */
public record LockWait(List<LockName> names, boolean inOrder, Duration limit) {

    public LockWait {
        names = List.copyOf(names);
    }
}
