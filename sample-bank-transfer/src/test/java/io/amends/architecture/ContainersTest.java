package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What docker-compose.yml, the Dockerfile and docs/guides/containers.md promise, as far as files tell. */
class ContainersTest {

    private static final Path ROOT = NamedTests.ROOT;
    private static final List<String> ROLES = List.of("transfer", "bank-a", "bank-b");
    private static final List<String> BROKERS = List.of("kafka-1", "kafka-2", "kafka-3");

    private final Map<String, Map<String, Object>> services = services();

    @Test
    void every_service_has_a_limit_of_memory_a_health_check_and_no_way_to_more_rights() {
        services.forEach((name, service) -> {
            assertThat(service).as(name).containsKeys("mem_limit", "restart");
            // What is built here brings its own, see below.
            assertThat(service.containsKey("build") || service.containsKey("healthcheck"))
                    .as(name)
                    .isTrue();
            assertThat(texts(service, "security_opt")).as(name).contains("no-new-privileges:true");
        });
    }

    @Test
    void roles_run_without_rights_on_a_file_system_that_they_can_not_write() {
        assertThat(ROLES).allSatisfy(role -> {
            assertThat(services.get(role)).containsEntry("read_only", true);
            assertThat(texts(services.get(role), "cap_drop")).containsExactly("ALL");
            assertThat(texts(services.get(role), "tmpfs")).containsExactly("/tmp");
        });
    }

    @Test
    void any_one_of_three_brokers_may_die() {
        assertThat(services.keySet().stream().filter(name -> name.startsWith("kafka")))
                .containsExactlyElementsOf(BROKERS);
        for (String broker : BROKERS) {
            assertThat(environment(broker))
                    .containsEntry("KAFKA_PROCESS_ROLES", "broker,controller")
                    .containsEntry("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093")
                    .containsEntry("KAFKA_NODE_ID", broker.substring("kafka-".length()))
                    .containsEntry("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://" + broker + ":9092")
                    .containsEntry("KAFKA_DEFAULT_REPLICATION_FACTOR", "3")
                    .containsEntry("KAFKA_MIN_INSYNC_REPLICAS", "2")
                    .containsEntry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "3")
                    .containsEntry("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "3")
                    .containsEntry("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "2");
        }
        assertThat(ROLES)
                .allSatisfy(role -> assertThat(environment(role))
                        .containsEntry("SAGA_TOPICS_REPLICATIONFACTOR", "3")
                        .containsEntry("SPRING_KAFKA_BOOTSTRAPSERVERS", "kafka-1:9092,kafka-2:9092,kafka-3:9092"));
    }

    @Test
    void passwords_are_variables_and_ports_are_open_to_this_machine_only() {
        services.forEach((name, service) -> {
            environment(name).forEach((variable, value) -> {
                if (variable.matches(".*(PASSWORD|SECRET)")) {
                    assertThat(value).as(name + " " + variable).startsWith("${AMENDS_");
                }
            });
            assertThat(texts(service, "ports"))
                    .as(name)
                    .allSatisfy(port -> assertThat(port).startsWith("${AMENDS_ADDRESS:-127.0.0.1}:"));
        });
    }

    @Test
    void what_is_mounted_is_there() {
        services.values().stream()
                .flatMap(service -> texts(service, "volumes").stream())
                .forEach(volume ->
                        assertThat(ROOT.resolve(volume.split(":", 2)[0])).exists());
    }

    @Test
    void tests_on_containers_use_the_images_of_the_compose_file() throws IOException {
        Path sources = ROOT.resolve("saga-embedded/src/main/java/io/amends/test");
        assertThat(Files.readString(sources.resolve("postgres/PostgresContainer.java")))
                .contains("IMAGE = \"%s\"".formatted(services.get("postgres").get("image")));
        assertThat(Files.readString(sources.resolve("kafka/ContainerNode.java")))
                .contains("IMAGE = \"%s\"".formatted(services.get("kafka-1").get("image")));
    }

    @Test
    void prometheus_reads_each_role_by_its_name() throws Exception {
        Map<String, Object> config = yaml(ROOT.resolve("docker/prometheus/prometheus.yml"));
        List<String> read = new ArrayList<>();
        for (Object one : (List<?>) config.get("scrape_configs")) {
            Map<?, ?> job = (Map<?, ?>) one;
            Map<?, ?> targets = (Map<?, ?>) ((List<?>) job.get("static_configs")).get(0);
            assertThat(job.get("metrics_path")).isEqualTo("/actuator/prometheus");
            read.add(job.get("job_name") + " " + targets.get("targets"));
        }
        assertThat(read)
                .containsExactlyElementsOf(ROLES.stream()
                        .map(role -> "%s [%s:%s]"
                                .formatted(role, role, environment(role).get("SERVER_PORT")))
                        .toList());
        assertThat(ROLES)
                .allSatisfy(role -> assertThat(environment(role).get("MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE"))
                        .contains("prometheus"));
        promtool("check", "config", "--syntax-only", "docker/prometheus/prometheus.yml");
    }

    @Test
    void the_image_has_layers_an_own_user_and_no_shell_before_the_jvm() throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve("sample-bank-transfer/Dockerfile"));
        assertThat(lines.stream()
                        .filter(line -> line.startsWith("COPY --from=layers"))
                        .map(line -> line.split("/")[3]))
                .containsExactly("dependencies", "spring-boot-loader", "snapshot-dependencies", "application");
        assertThat(lines.stream().filter(line -> line.startsWith("USER "))).containsExactly("USER 10001");
        assertThat(lines).contains("STOPSIGNAL SIGTERM");
        assertThat(lines.stream().filter(line -> line.startsWith("HEALTHCHECK")))
                .hasSize(1);
        assertThat(lines.get(lines.size() - 1))
                .startsWith("ENTRYPOINT [\"java\", ")
                .endsWith(".jar\"]");
    }

    private static void promtool(String... arguments) throws Exception {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool")));
        assumeTrue(found, "promtool is not on the PATH, so Prometheus' configuration is not checked by itself.");
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    private Map<String, String> environment(String service) {
        Map<String, String> found = new TreeMap<>();
        if (services.get(service).get("environment") instanceof Map<?, ?> all) {
            all.forEach((name, value) -> found.put(String.valueOf(name), String.valueOf(value)));
        }
        return found;
    }

    private static List<String> texts(Map<String, Object> service, String list) {
        return service.get(list) instanceof List<?> all
                ? all.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static Map<String, Map<String, Object>> services() {
        Map<String, Map<String, Object>> found = new TreeMap<>();
        ((Map<?, ?>) yaml(ROOT.resolve("docker-compose.yml")).get("services")).forEach((name, service) -> {
            Map<String, Object> parts = new TreeMap<>();
            ((Map<?, ?>) service).forEach((part, value) -> parts.put(String.valueOf(part), value));
            found.put(String.valueOf(name), parts);
        });
        return found;
    }

    private static Map<String, Object> yaml(Path file) {
        try {
            return new Yaml().load(Files.readString(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
