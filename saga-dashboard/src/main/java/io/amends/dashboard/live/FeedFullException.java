package io.amends.dashboard.live;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.language.Told;

/** As many listen as may, or the process ends. Ask again and again instead, every ten seconds or so. */
public final class FeedFullException extends RuntimeException implements Told {

    private static final long serialVersionUID = 1L;

    private final transient Sentence told;

    FeedFullException(Sentence told) {
        super(told.english());
        this.told = told;
    }

    @Override
    public Sentence told() {
        return told;
    }
}
