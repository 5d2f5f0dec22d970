package io.amends.test.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerEngineTest {

    private static final String IMAGE = "apache/kafka:4.2.1";
    /** What an engine may take to answer on a busy machine. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Duration SHORT = Duration.ofMillis(800);

    @TempDir
    Path folder;

    @Test
    void nothing_is_in_the_way_of_an_image_that_the_engine_has() throws Exception {
        try (FakeEngine engine = FakeEngine.with(folder, IMAGE)) {
            assertThat(obstacle(engine.socket(), true)).isEmpty();
        }
    }

    @Test
    void an_image_that_is_missing_is_named_with_the_command_that_brings_it() throws Exception {
        try (FakeEngine engine = FakeEngine.with(folder, "postgres:18")) {
            assertThat(obstacle(engine.socket(), true))
                    .hasValueSatisfying(reason -> assertThat(reason).contains("docker pull apache/kafka:4.2.1"));
        }
    }

    @Test
    void the_image_that_clears_up_behind_tests_must_be_there_unless_it_is_switched_off() throws Exception {
        try (FakeEngine engine = FakeEngine.with(folder, IMAGE)) {
            assertThat(obstacle(engine.socket(), false))
                    .hasValueSatisfying(reason ->
                            assertThat(reason).contains("testcontainers/ryuk", "TESTCONTAINERS_RYUK_DISABLED=true"));
        }
        try (FakeEngine engine = FakeEngine.with(folder, IMAGE, "testcontainers/ryuk:0.14.0")) {
            assertThat(obstacle(engine.socket(), false)).isEmpty();
        }
    }

    @Test
    void an_engine_that_takes_connections_and_never_answers_costs_less_than_a_second() throws Exception {
        try (FakeEngine engine = FakeEngine.silent(folder)) {
            long begun = System.nanoTime();
            assertThat(obstacle(engine.socket(), true, SHORT))
                    .hasValueSatisfying(reason -> assertThat(reason).contains("does not answer within 800 ms"));
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofMillis(700), Duration.ofSeconds(10));
        }
    }

    @Test
    void a_socket_that_nobody_listens_on_is_no_engine() throws Exception {
        Path socket = Files.createFile(folder.resolve("left-over.sock"));
        assertThat(obstacle(socket, true))
                .hasValueSatisfying(reason -> assertThat(reason).contains("left-over.sock", "does not answer"));
    }

    @Test
    void an_engine_elsewhere_is_not_asked() {
        assertThat(ContainerEngine.find(Map.of("DOCKER_HOST", "tcp://10.0.0.1:2375"), folder)
                        .obstacle(IMAGE, LIMIT))
                .hasValue("DOCKER_HOST names no socket of this machine");
    }

    private Optional<String> obstacle(Path socket, boolean withoutCleaner) {
        return obstacle(socket, withoutCleaner, LIMIT);
    }

    private Optional<String> obstacle(Path socket, boolean withoutCleaner, Duration limit) {
        return ContainerEngine.find(
                        Map.of(
                                "DOCKER_HOST",
                                "unix://" + socket,
                                "TESTCONTAINERS_RYUK_DISABLED",
                                String.valueOf(withoutCleaner)),
                        folder)
                .obstacle(IMAGE, limit);
    }
}
