package io.amends.test.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerChoiceTest {

    private static final String IMAGE = "postgres:18";
    private static final Supplier<ContainerEngine> UNASKED = () -> {
        throw new AssertionError("the engine was asked");
    };

    @TempDir
    Path folder;

    @Test
    void without_a_word_containers_are_used_where_the_engine_has_the_image() throws Exception {
        try (FakeEngine engine = FakeEngine.with(folder, IMAGE)) {
            assertThat(choice("", true, () -> engine(engine)).start(IMAGE, () -> "container", () -> "embedded"))
                    .isEqualTo("container");
            assertThat(choice("", true, () -> engine(engine))
                            .start("apache/kafka:4", () -> "container", () -> "embedded"))
                    .isEqualTo("embedded");
        }
    }

    @Test
    void without_testcontainers_on_the_class_path_no_engine_is_asked() {
        assertThat(choice("", false, UNASKED).start(IMAGE, () -> "container", () -> "embedded"))
                .isEqualTo("embedded");
    }

    @Test
    void a_container_that_was_not_asked_for_and_does_not_start_gives_way_to_the_embedded_server() throws Exception {
        try (FakeEngine engine = FakeEngine.with(folder, IMAGE)) {
            assertThat(choice("", true, () -> engine(engine))
                            .start(
                                    IMAGE,
                                    () -> {
                                        throw new IllegalStateException("no space left");
                                    },
                                    () -> "embedded"))
                    .isEqualTo("embedded");
        }
    }

    @Test
    void the_property_decides_without_asking_an_engine() {
        assertThat(choice("embedded", true, UNASKED).start(IMAGE, () -> "container", () -> "embedded"))
                .isEqualTo("embedded");
        assertThat(choice("testcontainers", true, UNASKED).start(IMAGE, () -> "container", () -> "embedded"))
                .isEqualTo("container");
    }

    @Test
    void a_container_that_was_asked_for_and_does_not_start_is_an_error() {
        assertThatThrownBy(() -> choice("testcontainers", true, UNASKED)
                        .start(
                                IMAGE,
                                () -> {
                                    throw new IllegalStateException("no space left");
                                },
                                () -> "embedded"))
                .hasMessage("no space left");
        assertThatThrownBy(() ->
                        choice("testcontainers", false, UNASKED).start(IMAGE, () -> "container", () -> "embedded"))
                .hasMessageContaining("add it, with the scope test");
    }

    @Test
    void another_word_is_refused() {
        assertThatThrownBy(() -> choice("docker", true, UNASKED).start(IMAGE, () -> "container", () -> "embedded"))
                .hasMessageContaining("amends.test.servers is 'docker'")
                .hasMessageContaining("embedded or testcontainers");
    }

    private static ServerChoice choice(String wanted, boolean onClassPath, Supplier<ContainerEngine> engine) {
        return new ServerChoice(wanted, onClassPath, engine, Duration.ofSeconds(30));
    }

    private ContainerEngine engine(FakeEngine engine) {
        return ContainerEngine.find(
                Map.of("DOCKER_HOST", "unix://" + engine.socket(), "TESTCONTAINERS_RYUK_DISABLED", "true"), folder);
    }
}
