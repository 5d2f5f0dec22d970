package io.amends.twopc;

/** A business "no" of a {@link TwoPhaseWork}: nothing of the whole transaction happens, and its caller is told the reason. */
public class BranchRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * @param reason goes over the network and into the caller's exception, and may be logged there
     */
    public BranchRefusedException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** What the caller of the transaction is told. */
    public String reason() {
        return reason;
    }
}
