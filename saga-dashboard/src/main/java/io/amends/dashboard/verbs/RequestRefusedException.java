package io.amends.dashboard.verbs;

/** A request can't be decided like that; nothing was done. */
public final class RequestRefusedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    RequestRefusedException(String text) {
        super(text);
    }
}
