package io.amends.dashboard.browser;

import static org.awaitility.Awaitility.await;

import io.amends.dashboard.browser.desk.DeskApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The application with the console in a JVM of its own, which can be killed. Its output is in {@code target/desks}. */
final class DeskProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Process process;
    private final String origin;

    private DeskProcess(Process process, String origin) {
        this.process = process;
        this.origin = origin;
    }

    /** Starts it, and waits until it answers. */
    static DeskProcess start(String database, String... more) {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                DeskApplication.class.getName(),
                "--server.port=" + port));
        command.addAll(Desk.arguments(database));
        command.addAll(List.of(more));
        try {
            Path logs = Files.createDirectories(Path.of("target", "desks"));
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(logs.resolve(port + ".log").toFile())
                    .start();
            DeskProcess desk = new DeskProcess(started, "http://127.0.0.1:" + port);
            desk.awaitAnswer();
            return desk;
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private void awaitAnswer() {
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException(
                            "The desk at %s ended with %d; see target/desks".formatted(origin, process.exitValue()));
                }
                return answers();
            });
        } catch (RuntimeException late) {
            close();
            throw late;
        }
    }

    private boolean answers() {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(origin + "/desk/amends/").toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(5_000);
            connection.setInstanceFollowRedirects(false);
            return connection.getResponseCode() < 500;
        } catch (IOException notYet) {
            return false;
        }
    }

    String origin() {
        return origin;
    }

    /** SIGKILL: no shutdown hook runs, nothing is given up or said good-bye to. The process's exit code. */
    int kill() throws InterruptedException {
        return process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
