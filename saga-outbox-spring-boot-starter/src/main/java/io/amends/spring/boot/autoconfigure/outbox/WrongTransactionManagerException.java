package io.amends.spring.boot.autoconfigure.outbox;

/** There is no transaction manager of the outbox's database, or it can't be told which one it is. */
public final class WrongTransactionManagerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    WrongTransactionManagerException(String message, String remedy) {
        super(message + " " + remedy);
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
