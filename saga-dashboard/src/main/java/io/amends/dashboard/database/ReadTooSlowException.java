package io.amends.dashboard.database;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.language.Told;
import java.time.Duration;

/** A statement was stopped because it took too long; nothing was changed. */
public final class ReadTooSlowException extends RuntimeException implements Told {

    private static final long serialVersionUID = 1L;

    private final transient Sentence told;

    ReadTooSlowException(Duration limit, Throwable cause) {
        this(
                Sentence.of(
                        "The database did not answer within %s, and the statement was stopped. Ask for less, such as one definition or a shorter time, or look at what else keeps the database busy.",
                        limit),
                cause);
    }

    private ReadTooSlowException(Sentence told, Throwable cause) {
        super(told.english(), cause);
        this.told = told;
    }

    @Override
    public Sentence told() {
        return told;
    }
}
