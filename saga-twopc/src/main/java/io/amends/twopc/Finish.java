package io.amends.twopc;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How an attempt ended, if its outcome is known. */
sealed interface Finish {

    /**
     * It is committed, or will be whatever happens; or there was nothing to commit.
     *
     * @param untold participants that could not be told yet; recovery does
     */
    record Committed(Set<String> untold) implements Finish {

        /** Nobody is left to be told. */
        static final Committed EVERYWHERE = new Committed(Set.of());
    }

    /**
     * Nothing of it happened.
     *
     * @param phase in which phase that came out
     * @param branch which participant was the cause, null if none was
     * @param reason why, in words
     * @param cause what was thrown, if anything was
     * @param again whether it may succeed if it runs again
     */
    record Aborted(
            Phase phase,
            @Nullable String branch,
            String reason,
            @Nullable Throwable cause,
            boolean again) implements Finish {}
}
