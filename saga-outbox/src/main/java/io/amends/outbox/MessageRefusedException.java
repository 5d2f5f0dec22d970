package io.amends.outbox;

/** A message could never be sent, so it was not appended. The text names the field, never the payload. */
public final class MessageRefusedException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String field;

    /** With the field and the trouble in words. */
    public MessageRefusedException(String field, String message) {
        super(message);
        this.field = field;
    }

    /** The field of the message that is wrong. */
    public String field() {
        return field;
    }
}
