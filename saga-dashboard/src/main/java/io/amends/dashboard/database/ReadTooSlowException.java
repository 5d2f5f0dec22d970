package io.amends.dashboard.database;

import java.time.Duration;

/** A statement was stopped because it took too long; nothing was changed. */
public final class ReadTooSlowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ReadTooSlowException(Duration limit, Throwable cause) {
        super(
                "The database did not answer within %s, and the statement was stopped. Ask for less, such as one definition or a shorter time, or look at what else keeps the database busy."
                        .formatted(limit),
                cause);
    }
}
