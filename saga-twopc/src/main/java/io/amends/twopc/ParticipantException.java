package io.amends.twopc;

/** A participant gave no answer, or one that says nothing about the branch. The branch stays as it is, or not; ask again. */
public class ParticipantException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String participant;

    /** With the participant's name, what was tried, and the trouble. */
    public ParticipantException(String participant, String what, Throwable cause) {
        super("Participant %s: %s: %s".formatted(participant, what, cause), cause);
        this.participant = participant;
    }

    /** The participant's name. */
    public String participant() {
        return participant;
    }
}
