package io.amends.spring.boot.autoconfigure.console;

/** The console would stand open to others than those whom it is for, or be shut to them, and so does not start. */
public final class ConsoleRefusedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final String action;

    ConsoleRefusedException(String what, String action) {
        super(what);
        this.action = action;
    }

    /** What to do. */
    public String action() {
        return action;
    }
}
