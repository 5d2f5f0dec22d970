package io.amends.runtime.wire;

/** A value can't be turned into bytes or back. The text names the type and the place, never the content. */
public final class PayloadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With the trouble in words. */
    public PayloadException(String message) {
        super(message);
    }
}
