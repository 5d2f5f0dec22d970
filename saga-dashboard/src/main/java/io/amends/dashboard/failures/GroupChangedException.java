package io.amends.dashboard.failures;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.language.Told;

/** Somebody changed what is written down about a group since it was looked at; nothing was changed. */
public final class GroupChangedException extends IllegalStateException implements Told {

    private static final long serialVersionUID = 1L;

    private final transient Sentence told;

    GroupChangedException(Sentence told) {
        super(told.english());
        this.told = told;
    }

    @Override
    public Sentence told() {
        return told;
    }
}
