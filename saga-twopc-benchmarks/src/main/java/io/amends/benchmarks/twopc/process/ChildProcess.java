package io.amends.benchmarks.twopc.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A JVM of its own that runs the same program in another role and is asked line by line. What it says to standard error
 * is passed on. Asked by one thread; told and killed by any.
 */
public final class ChildProcess implements AutoCloseable {

    private static final int MOST_LINES_AHEAD = 16;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final String END = "@end";

    private final String name;
    private final Process process;
    private final BlockingQueue<String> said = new ArrayBlockingQueue<>(MOST_LINES_AHEAD);

    private volatile Consumer<String> news = line -> {};

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    /** From now on that one hears what the process says without being asked, on the thread that reads; it must be quick. */
    public void onNews(Consumer<String> listener) {
        news = listener;
    }

    /**
     * Starts one.
     *
     * @param name for messages
     * @param mainClass the program, unless it is the runnable jar that this JVM runs
     * @param jvmOptions options of the new JVM
     * @param arguments of the program
     * @throws UncheckedIOException if it can't be started
     */
    public static ChildProcess start(String name, Class<?> mainClass, List<String> jvmOptions, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        String classPath = System.getProperty("java.class.path");
        if (classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)) {
            command.addAll(List.of("-jar", classPath));
        } else {
            command.addAll(List.of("-cp", classPath, mainClass.getName()));
        }
        command.addAll(arguments);
        try {
            ChildProcess child = new ChildProcess(
                    name,
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start());
            Thread reader = new Thread(child::listen, "answers-of-" + name);
            reader.setDaemon(true);
            reader.start();
            return child;
        } catch (IOException trouble) {
            throw new UncheckedIOException("The process of %s can't be started".formatted(name), trouble);
        }
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(Answering.ANSWER) || line.startsWith(Answering.TROUBLE)) {
                    said.put(line);
                } else if (line.startsWith(Answering.NEWS)) {
                    news.accept(line.substring(Answering.NEWS.length()));
                } else {
                    System.err.println(name + ": " + line);
                }
            }
            said.put(END);
        } catch (IOException | InterruptedException ending) {
            // Whoever waits for an answer tells that none came.
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Asks, and waits for the answer.
     *
     * @throws IllegalStateException if it answers with trouble, has ended, or does not answer in time
     */
    public String ask(String question, Duration limit) {
        send(question);
        return await(question, limit);
    }

    /** Asks without waiting, so that several can be at it together; {@link #await} has the answer. */
    public synchronized void send(String question) {
        try {
            process.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException ended) {
            throw new UncheckedIOException("%s has ended, its log is above".formatted(name), ended);
        }
    }

    /** The answer to what was sent, as {@link #ask} has it. */
    public String await(String question, Duration limit) {
        String answer;
        try {
            answer = said.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while %s was asked: %s".formatted(name, question));
        }
        if (answer == null || !answer.startsWith(Answering.ANSWER)) {
            throw new IllegalStateException("%s was asked '%s' and %s. Its log is above."
                    .formatted(
                            name,
                            question,
                            answer == null
                                    ? "did not answer in %d s".formatted(limit.toSeconds())
                                    : answer.equals(END) ? "ended" : "said " + answer));
        }
        return answer.substring(Answering.ANSWER.length());
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends it a signal of the operating system, such as STOP. */
    public void signal(String signal) {
        Signals.send(signal, process.pid());
    }

    /** SIGKILL, and waits for its end. */
    public void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The process. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Ends it; one that does not end in half a minute is killed. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
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
