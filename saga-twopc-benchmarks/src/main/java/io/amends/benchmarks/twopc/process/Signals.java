package io.amends.benchmarks.twopc.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals of the operating system, by its {@code kill}. */
public final class Signals {

    private Signals() {}

    /**
     * Sends a signal.
     *
     * @param signal its name without SIG, such as STOP
     * @throws IllegalStateException if it can't be sent
     */
    public static void send(String signal, long pid) {
        try {
            int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException(
                        "Process %d did not take signal %s; kill answered %d".formatted(pid, signal, code));
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException("There is no command kill here", trouble);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a signal was sent", interrupted);
        }
    }
}
