package io.amends.runtime;

import java.time.Duration;

/**
 * A saga was not started because too much is on its way already. Nothing was stored; the same start may be tried again,
 * best after {@link #retryAfter()}.
 */
public final class SagaOverloadedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    public SagaOverloadedException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** After what time another attempt may have better luck; a web service may say it in {@code Retry-After}. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
