package io.amends.dashboard.verbs;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.language.Told;

/** The order needs a second person; nothing was done. */
public final class ApprovalNeededException extends IllegalStateException implements Told {

    private static final long serialVersionUID = 1L;

    private final transient Sentence told;

    ApprovalNeededException(String verb) {
        this(Sentence.of(
                "'%s' needs a second person here. Ask for it, and let somebody else approve: nobody can approve what they asked for.",
                verb));
    }

    private ApprovalNeededException(Sentence told) {
        super(told.english());
        this.told = told;
    }

    @Override
    public Sentence told() {
        return told;
    }
}
