package io.amends.spring.boot.autoconfigure.outbox;

import org.jspecify.annotations.Nullable;

/** There is no transaction manager of the outbox's database, it can't be told which one it is, or it can't do what is needed. */
public final class WrongTransactionManagerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    WrongTransactionManagerException(String problem, String remedy) {
        this(problem, remedy, null);
    }

    /**
     * For that problem.
     *
     * @param problem what is wrong
     * @param remedy what to do
     * @param cause how it showed, null if nothing was thrown
     */
    public WrongTransactionManagerException(String problem, String remedy, @Nullable Throwable cause) {
        super(problem + " " + remedy, cause);
        this.remedy = remedy;
    }

    /** What to do. */
    public String remedy() {
        return remedy;
    }

    /** What is wrong, without what to do. */
    public String problem() {
        String text = String.valueOf(getMessage());
        return text.substring(0, text.length() - remedy.length() - 1);
    }
}
