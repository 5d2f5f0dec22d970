package io.amends.outbox.relay;

import org.jspecify.annotations.Nullable;

/** A message that can't be handed over in this process, for good. */
final class UnreceivableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reasonCode;

    UnreceivableException(String reasonCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reasonCode = reasonCode;
    }

    /** The code for parking it. */
    String reasonCode() {
        return reasonCode;
    }
}
