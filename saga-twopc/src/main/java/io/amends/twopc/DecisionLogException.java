package io.amends.twopc;

/** The decision log could not be read or written. */
public class DecisionLogException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean sent;

    /**
     * @param what what was tried
     * @param sent whether it may have happened all the same: the statement had been sent
     * @param cause the trouble
     */
    public DecisionLogException(String what, boolean sent, Throwable cause) {
        super(
                "The log of decisions: %s%s: %s"
                        .formatted(what, sent ? "; it may have happened all the same" : "; it has not happened", cause),
                cause);
        this.sent = sent;
    }

    /** Whether it may have happened all the same. */
    public boolean sent() {
        return sent;
    }
}
