package io.amends.runtime.wire;

/** An incoming message can't be understood. Its text names the place and the trouble, never the payload. */
public final class MalformedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reasonCode;

    /** With a stable reason code and the trouble in words. */
    public MalformedMessageException(String reasonCode, String message) {
        super(message);
        this.reasonCode = reasonCode;
    }

    /** The stable reason code, for example {@code MALFORMED_HEADERS}. */
    public String reasonCode() {
        return reasonCode;
    }
}
