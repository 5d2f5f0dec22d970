package io.amends.dashboard.live;

/** As many listen as may, or the process ends. Ask again and again instead, every ten seconds or so. */
public final class FeedFullException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FeedFullException(String message) {
        super(message);
    }
}
