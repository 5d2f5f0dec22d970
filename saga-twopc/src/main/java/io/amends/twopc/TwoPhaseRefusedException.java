package io.amends.twopc;

/** Two-phase commit can't work here as things are; the message says where and what to do. */
public class TwoPhaseRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With that message. */
    public TwoPhaseRefusedException(String message) {
        super(message);
    }
}
