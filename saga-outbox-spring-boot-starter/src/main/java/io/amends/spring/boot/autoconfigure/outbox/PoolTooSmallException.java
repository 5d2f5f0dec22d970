package io.amends.spring.boot.autoconfigure.outbox;

/** The pool of the outbox's database has no connection beside those that the relay keeps. */
public final class PoolTooSmallException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int needed;

    PoolTooSmallException(int most, int kept, String kinds) {
        super(
                "The connection pool has %d connection%s at most, but Amends needs %d: the relay keeps %d (%s), and all else takes turns at the others."
                        .formatted(most, most == 1 ? "" : "s", kept + 1, kept, kinds));
        this.needed = kept + 1;
    }

    /** How many connections would do. */
    public int needed() {
        return needed;
    }
}
