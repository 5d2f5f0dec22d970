package io.amends.dashboard.bulk;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.language.Told;

/** A run can't be planned, started or changed like that; nothing was done. */
public final class BulkRefusedException extends IllegalStateException implements Told {

    private static final long serialVersionUID = 1L;

    private final transient Sentence told;

    BulkRefusedException(Sentence told) {
        super(told.english());
        this.told = told;
    }

    @Override
    public Sentence told() {
        return told;
    }
}
