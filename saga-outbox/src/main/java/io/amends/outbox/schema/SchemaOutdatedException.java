package io.amends.outbox.schema;

/** The library's tables are not as this version needs them. */
public final class SchemaOutdatedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /** With the trouble in words. */
    public SchemaOutdatedException(String message) {
        super(message);
    }
}
