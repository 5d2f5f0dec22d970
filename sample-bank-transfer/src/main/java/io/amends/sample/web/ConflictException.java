package io.amends.sample.web;

/** The request contradicts what is stored; nothing was changed. */
public final class ConflictException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With the trouble in words. */
    public ConflictException(String message) {
        super(message);
    }
}
