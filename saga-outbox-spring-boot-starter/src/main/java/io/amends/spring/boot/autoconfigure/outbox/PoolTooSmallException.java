package io.amends.spring.boot.autoconfigure.outbox;

/** The pool of the outbox's database has fewer connections than are needed at once. */
public final class PoolTooSmallException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int needed;

    PoolTooSmallException(int most, int needed, String why) {
        super("The connection pool has %d connection%s at most, but Amends needs %d: %s."
                .formatted(most, most == 1 ? "" : "s", needed, why));
        this.needed = needed;
    }

    /** How many connections would do. */
    public int needed() {
        return needed;
    }
}
