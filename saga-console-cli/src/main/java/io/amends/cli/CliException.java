package io.amends.cli;

/** A call ends early: how, and what it says. */
final class CliException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    CliException(ExitCode code, String message) {
        super(message);
        this.code = code;
    }

    static CliException usage(String message) {
        return new CliException(ExitCode.USAGE, message);
    }

    ExitCode code() {
        return code;
    }
}
