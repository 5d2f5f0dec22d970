package io.amends.sample.web;

/** What was asked for is not there. */
public final class NotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With the trouble in words. */
    public NotFoundException(String message) {
        super(message);
    }
}
