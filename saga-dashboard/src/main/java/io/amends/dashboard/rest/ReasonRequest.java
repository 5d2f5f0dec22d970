package io.amends.dashboard.rest;

import org.jspecify.annotations.Nullable;

/**
 * What a decision brings.
 *
 * @param reason why
 */
record ReasonRequest(@Nullable String reason) {

    /** @throws ConsoleProblem if none is given */
    String needed() {
        return VerbRequest.reason(reason);
    }
}
