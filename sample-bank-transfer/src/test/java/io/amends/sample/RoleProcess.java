package io.amends.sample;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A role as a process of its own, which can be killed and started again on the same port. */
final class RoleProcess implements AutoCloseable {

    private static final AtomicInteger STARTS = new AtomicInteger();

    private final String role;
    private final int port;
    private final List<String> options;
    private Process process;

    private RoleProcess(String role, int port, List<String> options) {
        this.role = role;
        this.port = port;
        this.options = options;
        this.process = launch();
    }

    static RoleProcess start(String role, int port, List<String> options) {
        return new RoleProcess(role, port, options);
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    /** The sample in a JVM of its own; its output goes to a file below target. */
    static Process java(String logName, List<String> arguments) {
        try {
            Path logs = Files.createDirectories(Path.of("target", "roles"));
            return java(
                    logs.resolve("%s-%d-%d.log"
                            .formatted(logName, ProcessHandle.current().pid(), STARTS.incrementAndGet())),
                    arguments);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    /** Likewise, with the file that its output goes to. */
    static Process java(Path output, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.amends.sample.BankTransferApplication"));
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private Process launch() {
        List<String> arguments = new ArrayList<>(List.of("--role=" + role, "--server.port=" + port));
        arguments.addAll(options);
        return java(role, arguments);
    }

    /** Tells one start from the next. */
    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    URI uri() {
        return URI.create("http://localhost:" + port);
    }

    RoleProcess awaitHealthy() {
        HttpClient http = HttpClient.newHttpClient();
        await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException(
                                "Role %s ended with %d; see target/roles".formatted(role, process.exitValue()));
                    }
                    try {
                        HttpRequest request = HttpRequest.newBuilder(uri().resolve("/actuator/health"))
                                .timeout(Duration.ofSeconds(5))
                                .build();
                        return http.send(request, HttpResponse.BodyHandlers.discarding())
                                        .statusCode()
                                == 200;
                    } catch (IOException notYet) {
                        return false;
                    }
                });
        return this;
    }

    /** SIGKILL: no shutdown hook runs, nothing is flushed. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Likewise, without waiting. */
    void end() {
        process.destroyForcibly();
    }

    void restart() {
        process = launch();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
