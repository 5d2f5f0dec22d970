package io.amends.sample.lab;

import io.amends.sample.lab.switches.LabSwitches;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A role of the sample as a process of its own, which can be killed, frozen and started again on the same port. Safe for use by
 * many threads.
 */
final class Role implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    /** How a process is. */
    enum State {
        DOWN,
        STARTING,
        UP,
        FROZEN
    }

    private final String name;
    private final int port = freePort();
    private final List<String> options;
    private final Path log;
    private final Consumer<String> events;
    private @Nullable Process process;
    private State state = State.DOWN;
    private int starts;

    /**
     * @param name what it is called in the lab
     * @param options of its command line, without its port
     * @param log where its output goes
     * @param events is told when it comes and goes
     */
    Role(String name, List<String> options, Path log, Consumer<String> events) {
        this.name = name;
        this.options = List.copyOf(options);
        this.log = log;
        this.events = events;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException trouble) {
            throw new UncheckedIOException("There is no free port for a role", trouble);
        }
    }

    String name() {
        return name;
    }

    URI uri() {
        return URI.create("http://localhost:" + port);
    }

    synchronized State state() {
        return state;
    }

    synchronized long pid() {
        return process == null ? 0 : process.pid();
    }

    synchronized int starts() {
        return starts;
    }

    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Starts it, unless it is alive; does not wait until it is up. */
    synchronized void start() {
        if (isAlive()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(application());
        command.add("--server.port=" + port);
        command.addAll(options);
        try {
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process = started;
            state = State.STARTING;
            starts++;
            started.onExit().thenAccept(this::ended);
        } catch (IOException trouble) {
            throw new UncheckedIOException("%s can't be started".formatted(name), trouble);
        }
    }

    /** This application again: a jar that Spring Boot has packed is started as one. */
    private static List<String> application() {
        String path = System.getProperty("java.class.path");
        String place = String.valueOf(Role.class.getResource("Role.class"));
        return place.startsWith("jar:nested:")
                ? List.of("-jar", path)
                : List.of("-cp", path, "io.amends.sample.BankTransferApplication");
    }

    private synchronized void ended(Process one) {
        if (one.equals(process)) {
            state = State.DOWN;
            events.accept("%s %s (process %d, exit code %d)"
                    .formatted(
                            name,
                            one.exitValue() == LabSwitches.KILLED ? "died" : "ended",
                            one.pid(),
                            one.exitValue()));
        }
    }

    /**
     * Waits until it answers.
     *
     * @throws IllegalStateException if it ends, or is not up in time
     */
    void awaitUp() throws InterruptedException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!isUp()) {
            if (!isAlive() || System.nanoTime() - end > 0) {
                throw new IllegalStateException("%s %s; see %s"
                        .formatted(name, isAlive() ? "is not up after 3 minutes" : "ended while it started", log));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** Asks it, if it was not up yet. */
    boolean isUp() throws InterruptedException {
        if (state() == State.STARTING) {
            try {
                HttpRequest request = HttpRequest.newBuilder(uri().resolve("/actuator/health"))
                        .timeout(Duration.ofSeconds(2))
                        .build();
                if (HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    becomeUp();
                }
            } catch (IOException notYet) {
                return false;
            }
        }
        return state() == State.UP;
    }

    private synchronized void becomeUp() {
        if (state == State.STARTING) {
            state = State.UP;
            events.accept(
                    "%s is up (process %d%s)".formatted(name, pid(), starts > 1 ? ", start number " + starts : ""));
        }
    }

    /** SIGKILL: no shutdown hook runs, nothing is flushed. */
    void kill() throws InterruptedException {
        Process one;
        synchronized (this) {
            one = process;
        }
        if (one != null) {
            one.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** SIGSTOP: it stays alive, and does nothing. */
    synchronized void freeze() throws InterruptedException {
        signal("-STOP");
        state = State.FROZEN;
        events.accept("%s is frozen (process %d)".formatted(name, pid()));
    }

    /** SIGCONT. */
    synchronized void wake() throws InterruptedException {
        if (state == State.FROZEN) {
            signal("-CONT");
            state = State.UP;
            events.accept("%s goes on (process %d)".formatted(name, pid()));
        }
    }

    private void signal(String which) throws InterruptedException {
        try {
            Process sent = new ProcessBuilder("kill", which, Long.toString(pid()))
                    .redirectErrorStream(true)
                    .start();
            if (!sent.waitFor(5, TimeUnit.SECONDS) || sent.exitValue() != 0) {
                throw new IllegalStateException("kill %s %d did not work for %s".formatted(which, pid(), name));
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException("Freezing a process needs the program kill, as on Linux and macOS", trouble);
        }
    }

    /** SIGTERM, and SIGKILL if that takes too long; a frozen one is woken first. */
    @Override
    public void close() {
        Process one;
        synchronized (this) {
            one = process;
        }
        if (one == null) {
            return;
        }
        try {
            wake();
            one.destroy();
            if (!one.waitFor(15, TimeUnit.SECONDS)) {
                one.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            one.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** SIGKILL without waiting, for when the lab itself ends. */
    void end() {
        Process one;
        synchronized (this) {
            one = process;
        }
        if (one != null) {
            one.destroyForcibly();
        }
    }
}
