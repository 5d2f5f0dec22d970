package io.amends.dashboard.bulk;

/** A run can't be planned, started or changed like that; nothing was done. */
public final class BulkRefusedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    BulkRefusedException(String text) {
        super(text);
    }
}
