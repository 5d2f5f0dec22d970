package io.amends.dashboard.language;

import org.jspecify.annotations.Nullable;

/** What somebody gave is not what is needed; nothing was done. */
public final class NotTakenException extends IllegalArgumentException implements Told {

    private static final long serialVersionUID = 1L;

    private final transient Sentence told;

    /** With what is wrong and what to give instead. */
    public NotTakenException(Sentence told) {
        this(told, null);
    }

    /** Likewise, with what it was noticed by. */
    public NotTakenException(Sentence told, @Nullable Throwable cause) {
        super(told.english(), cause);
        this.told = told;
    }

    @Override
    public Sentence told() {
        return told;
    }
}
