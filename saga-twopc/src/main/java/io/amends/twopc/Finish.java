package io.amends.twopc;

import org.jspecify.annotations.Nullable;

/** How an attempt ended, if its outcome is known. */
sealed interface Finish {

    /** It is committed, or will be whatever happens; or there was nothing to commit. */
    record Committed() implements Finish {}

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
