package io.amends.twopc;

/** The decision log could not be read or written. */
public class DecisionLogException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean sent;

    /**
     * @param what what was tried, as in "writing a commit"
     * @param sent whether it may have happened all the same: the statement had been sent
     * @param cause the trouble
     */
    public DecisionLogException(String what, boolean sent, Throwable cause) {
        super(
                "The log of decisions %s for %s: %s"
                        .formatted(sent ? "did not answer as it should" : "can't be reached", what, cause),
                cause);
        this.sent = sent;
    }

    /** Whether it may have happened all the same. */
    public boolean sent() {
        return sent;
    }
}
