package io.amends.dashboard.rest;

import org.jspecify.annotations.Nullable;

/**
 * What a decision brings.
 *
 * @param reason why
 */
public record ReasonRequest(@Nullable String reason) {

    /**
     * The reason.
     *
     * @throws ConsoleProblem if none is given
     */
    public String needed() {
        return VerbRequest.reason(reason);
    }
}
