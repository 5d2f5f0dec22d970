package io.amends.sample.bank;

import org.springframework.stereotype.Component;

/**
 * Whether the bank books what was reserved. Open, unless somebody closes them on purpose to see transfers get stuck. Safe
 * for use by many threads.
 */
@Component
class Books {

    private volatile boolean open = true;

    boolean isOpen() {
        return open;
    }

    void set(boolean nowOpen) {
        open = nowOpen;
    }

    /** Throws where a booking can't be made; to try again by oneself would not help. */
    void requireOpen() {
        if (!open) {
            throw new BooksClosedException();
        }
    }
}
