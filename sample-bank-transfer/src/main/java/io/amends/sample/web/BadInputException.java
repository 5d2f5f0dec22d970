package io.amends.sample.web;

/** A request is wrong; nothing was stored. */
public final class BadInputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String field;

    /** With the field and what it should be. */
    public BadInputException(String field, String message) {
        super(message);
        this.field = field;
    }

    /** The field that is wrong; {@code body} for the request as a whole. */
    public String field() {
        return field;
    }
}
