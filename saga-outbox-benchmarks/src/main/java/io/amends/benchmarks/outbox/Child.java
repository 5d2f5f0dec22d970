package io.amends.benchmarks.outbox;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The same program in another JVM and role, which says lines and ends when its standard input does. Used by one thread. */
final class Child implements AutoCloseable {

    /** What a child says to its parent begins so; everything else is its log. */
    static final String SAYS = "@ ";

    private final Process process;
    private final BufferedReader lines;

    private Child(Process process) {
        this.process = process;
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static Child start(List<String> jvmOptions, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        String classPath = System.getProperty("java.class.path");
        if (classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)) {
            command.addAll(List.of("-jar", classPath));
        } else {
            command.addAll(List.of("-cp", classPath, OutboxBenchmark.class.getName()));
        }
        command.addAll(arguments);
        try {
            return new Child(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException trouble) {
            throw new UncheckedIOException("A process can't be started", trouble);
        }
    }

    /**
     * The next thing that it says; waits for it.
     *
     * @throws IllegalStateException if it has ended
     */
    String next() {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(SAYS)) {
                    return line.substring(SAYS.length());
                }
                System.err.println(line);
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException("A process can't be read", trouble);
        }
        throw new IllegalStateException("A process has ended; its log is above");
    }

    /** In the child: waits until the parent closes it, or dies. */
    static void awaitParent() {
        try {
            while (System.in.read() >= 0) {
                // nothing that is said means anything
            }
        } catch (IOException ending) {
            throw new UncheckedIOException(ending);
        }
    }

    /** Tells it to end, without waiting. */
    void endInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException ended) {
            throw new UncheckedIOException("A process has ended; its log is above", ended);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException alreadyEnded) {
            process.destroy();
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
