package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a role that can't start says: what, where, and the property to set; and its exit code is not 0. */
class StartUpTest {

    private final Installation installation = Installation.shared();

    @TempDir
    private Path folder;

    @Test
    void a_role_without_servers_names_the_property() throws Exception {
        assertThat(outputOf("--role=bank-a"))
                .contains("Role bank-a needs --spring.datasource.url=...", "SPRING_DATASOURCE_URL");
    }

    @Test
    void an_unknown_role_is_refused_with_the_known_ones() throws Exception {
        List<String> arguments = new ArrayList<>(installation.servers("bank_a"));
        arguments.add("--role=bank-c");
        assertThat(outputOf(arguments.toArray(String[]::new)))
                .contains("There is no role bank-c; choose transfer, bank-a, bank-b or demo.");
    }

    @Test
    void a_postgresql_that_is_not_there_is_named_with_its_place_and_property() throws Exception {
        int port = RoleProcess.freePort();
        assertThat(outputOf(
                                "--role=bank-a",
                                "--server.port=0",
                                "--spring.datasource.url=jdbc:postgresql://localhost:" + port + "/bank_a",
                                "--spring.kafka.bootstrap-servers=" + installation.kafka.bootstrapServers())
                        .lines())
                .anySatisfy(
                        line -> assertThat(line).contains("PostgreSQL", "localhost:" + port, "spring.datasource.url"));
    }

    @Test
    void a_kafka_that_is_not_there_is_named_with_its_place_and_property() throws Exception {
        int port = RoleProcess.freePort();
        List<String> arguments = new ArrayList<>(installation.servers("bank_a"));
        arguments.set(arguments.size() - 1, "--spring.kafka.bootstrap-servers=localhost:" + port);
        arguments.addAll(List.of("--role=bank-a", "--server.port=0", "--saga.startup-timeout=2s"));
        assertThat(outputOf(arguments.toArray(String[]::new)).lines())
                .anySatisfy(line ->
                        assertThat(line).contains("Kafka", "localhost:" + port, "spring.kafka.bootstrap-servers"));
    }

    private String outputOf(String... arguments) throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        Process process = RoleProcess.java(out, List.of(arguments));
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
