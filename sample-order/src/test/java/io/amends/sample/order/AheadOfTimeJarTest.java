package io.amends.sample.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The shop's jar, processed ahead of time. Skipped but in the profile {@code aot}, which makes that jar. */
@EnabledIfSystemProperty(named = "aot.jar", matches = ".+")
class AheadOfTimeJarTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Process> started = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void an_order_is_shipped_and_one_that_is_not_paid_is_undone() throws Exception {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        Path log = start(
                "--spring.datasource.url=" + postgres.freshDatabase(),
                "--spring.datasource.username=" + postgres.username(),
                "--spring.datasource.password=" + postgres.password(),
                "--spring.kafka.bootstrap-servers="
                        + EmbeddedKafkaBroker.shared().bootstrapServers());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Files.readString(log)).containsPattern(PORT));
        assertThat(Files.readString(log)).contains("Starting AOT-processed OrderApplication");

        place(log, "1001", 3_998);
        place(log, "1002", 399_800);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(answer(log, "1001")).contains("COMPLETED", "parcel P-1001"));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(answer(log, "1002")).contains("COMPENSATED", "more than the card's limit"));
    }

    @Test
    void a_database_that_is_away_ends_the_start_with_one_line_that_says_where_and_what_to_set() throws Exception {
        int port = closedPort();
        Path log = start("--spring.datasource.url=jdbc:postgresql://localhost:%d/shop".formatted(port));

        assertThat(started.get(0).waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(started.get(0).exitValue()).isEqualTo(1);
        assertThat(Files.readString(log))
                .contains("Starting AOT-processed OrderApplication")
                .contains(
                        "PostgreSQL is not reachable at localhost:%d/shop (Connection refused): start it, or set spring.datasource.url to where it is."
                                .formatted(port));
    }

    /** As the guide says; returns where its log is. */
    private Path start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dspring.aot.enabled=true",
                "-jar",
                System.getProperty("aot.jar"),
                "--server.port=0"));
        command.addAll(List.of(arguments));
        Path log = folder.resolve("shop.log");
        started.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
        return log;
    }

    private void place(Path log, String id, long cents) throws Exception {
        HttpRequest order = at(log, id)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(
                        "{\"customer\":\"ann\",\"article\":\"book\",\"pieces\":2,\"cents\":%d}".formatted(cents)))
                .build();
        assertThat(http.send(order, BodyHandlers.ofString()).statusCode()).isEqualTo(202);
    }

    private String answer(Path log, String id) throws Exception {
        return http.send(at(log, id).build(), BodyHandlers.ofString()).body();
    }

    private static HttpRequest.Builder at(Path log, String id) throws IOException {
        Matcher port = PORT.matcher(Files.readString(log));
        assertThat(port.find()).isTrue();
        return HttpRequest.newBuilder(URI.create("http://localhost:%s/orders/%s".formatted(port.group(1), id)));
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
