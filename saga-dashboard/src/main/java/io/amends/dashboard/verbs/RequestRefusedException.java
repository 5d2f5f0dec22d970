package io.amends.dashboard.verbs;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.language.Told;

/** A request can't be decided like that; nothing was done. */
public final class RequestRefusedException extends IllegalStateException implements Told {

    private static final long serialVersionUID = 1L;

    private final transient Sentence told;

    RequestRefusedException(Sentence told) {
        super(told.english());
        this.told = told;
    }

    @Override
    public Sentence told() {
        return told;
    }
}
