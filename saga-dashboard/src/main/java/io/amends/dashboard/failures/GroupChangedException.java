package io.amends.dashboard.failures;

/** Somebody changed what is written down about a group since it was looked at; nothing was changed. */
public final class GroupChangedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    GroupChangedException(String text) {
        super(text);
    }
}
