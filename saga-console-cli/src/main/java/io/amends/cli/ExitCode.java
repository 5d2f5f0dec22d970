package io.amends.cli;

/** How a call ends, for scripts. The numbers are stable. */
public enum ExitCode {
    /** Done as asked. */
    OK(0),
    /** Of {@code stuck --check}: something is stuck. */
    STUCK(1),
    /** The call can't be understood. */
    USAGE(2),
    /** The application can't be reached, or had trouble of its own. */
    UNREACHABLE(3),
    /** Nobody is logged in, or they may not do that. */
    DENIED(4),
    /** It was refused: there is no such saga, it changed since, or it is not possible. */
    REFUSED(5),
    /** It needs a second person, who was asked. */
    NEEDS_APPROVAL(6),
    /** Of {@code --wait}: it was carried out, and did not help; or that was not known in time. */
    NO_PROGRESS(7);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The number. */
    public int number() {
        return number;
    }
}
