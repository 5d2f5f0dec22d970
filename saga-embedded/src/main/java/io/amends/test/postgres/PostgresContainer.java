package io.amends.test.postgres;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** A server in a container, with the settings and without the password, as the embedded one. Stopped, it is gone. */
final class PostgresContainer implements PostgresHome {

    /** The same as in docker-compose.yml, which a test checks. */
    static final String IMAGE = "postgres:18";

    private static final int PORT = 5432;

    private final GenericContainer<?> container;

    PostgresContainer(Map<String, String> settings) {
        container = new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withExposedPorts(PORT)
                .withEnv("POSTGRES_PASSWORD", EmbeddedPostgresServer.PASSWORD)
                .withEnv("POSTGRES_HOST_AUTH_METHOD", "trust")
                .withCommand(command(settings))
                // Through TCP: while it makes its data directory, the server listens on its socket only.
                .waitingFor(Wait.forSuccessfulCommand("pg_isready -h 127.0.0.1 -U postgres"))
                .withStartupTimeout(Duration.ofSeconds(60));
    }

    private static String[] command(Map<String, String> settings) {
        List<String> options = settings.entrySet().stream()
                .flatMap(setting -> List.of("-c", setting.getKey() + "=" + setting.getValue()).stream())
                .toList();
        String[] command = new String[options.size() + 1];
        command[0] = "postgres";
        for (int i = 0; i < options.size(); i++) {
            command[i + 1] = options.get(i);
        }
        return command;
    }

    @Override
    public void open() {
        container.start();
    }

    @Override
    public void stop() {
        container.stop();
    }

    @Override
    public void crash() {
        throw new IllegalStateException(
                "What a container has is gone once it ends; take EmbeddedPostgresServer.start()");
    }

    @Override
    public void end() {
        // Nothing is left of a container that was stopped.
        container.stop();
    }

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return container.getMappedPort(PORT);
    }
}
