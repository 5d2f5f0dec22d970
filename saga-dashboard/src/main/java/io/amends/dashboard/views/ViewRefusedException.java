package io.amends.dashboard.views;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.language.Told;

/** A view can't be saved or changed as things stand; nothing was done. */
public final class ViewRefusedException extends RuntimeException implements Told {

    private static final long serialVersionUID = 1L;

    private final transient Sentence told;

    /** Why. */
    public enum Why {
        /** Nobody has such a view, or somebody else has it for themselves. */
        NOT_FOUND,
        /** Somebody changed it since it was looked at. */
        CHANGED_SINCE,
        /** Another view is called that. */
        NAME_TAKEN,
        /** There are as many as there can be. */
        TOO_MANY
    }

    private final Why why;

    ViewRefusedException(Why why, Sentence told) {
        super(told.english());
        this.told = told;
        this.why = why;
    }

    /** Why. */
    public Why why() {
        return why;
    }

    @Override
    public Sentence told() {
        return told;
    }
}
