package io.amends.runtime.retention;

/**
 * How many rows one transaction looks at: fewer after one that took too long, and by and by more again. For one thread.
 */
final class BatchSize {

    /** So many that go well in a row double the size. */
    private static final int GOOD = 8;

    private final int most;
    private int now;
    private int good;

    BatchSize(int most) {
        this.most = most;
        this.now = most;
    }

    int now() {
        return now;
    }

    /** A transaction of this size was in time. */
    void wentWell() {
        if (now < most && ++good == GOOD) {
            now = (int) Math.min(most, now * 2L);
            good = 0;
        }
    }

    /** A transaction of this size took too long; false if there is no smaller one. */
    boolean shrink() {
        if (now == 1) {
            return false;
        }
        now /= 2;
        good = 0;
        return true;
    }
}
