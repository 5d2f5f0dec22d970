package io.amends.test.container;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the servers that all tests of a JVM share are containers or embedded ones. The system property
 * {@value #PROPERTY} says {@code embedded} or {@code testcontainers}. Where it says nothing they are containers if
 * Testcontainers is on the class path, a container engine of this machine answers at once, and it has the images: nothing
 * is downloaded unasked. Servers that a test starts to stop or kill them are embedded in any case. Safe for use by many threads.
 */
public final class ServerChoice {

    /** The system property that says it. */
    public static final String PROPERTY = "amends.test.servers";

    private static final Logger log = LoggerFactory.getLogger(ServerChoice.class);
    private static final String TESTCONTAINERS = "org.testcontainers.containers.GenericContainer";
    private static final Duration LIMIT = Duration.ofMillis(800);

    private final String wanted;
    private final boolean onClassPath;
    private final Supplier<ContainerEngine> engine;
    private final Duration limit;

    ServerChoice(String wanted, boolean onClassPath, Supplier<ContainerEngine> engine, Duration limit) {
        this.wanted = wanted;
        this.onClassPath = onClassPath;
        this.engine = engine;
        this.limit = limit;
    }

    /** As this JVM is set and started. */
    public static ServerChoice ofThisJvm() {
        return new ServerChoice(
                System.getProperty(PROPERTY, "").strip(),
                isOnClassPath(),
                () -> ContainerEngine.find(System.getenv(), Path.of(System.getProperty("user.home"))),
                LIMIT);
    }

    private static boolean isOnClassPath() {
        try {
            Class.forName(TESTCONTAINERS, false, ServerChoice.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    /**
     * Starts the one or the other. A container that was not asked for and can't be started is told of in the log, and the
     * embedded server takes its place.
     *
     * @param image the container's
     * @throws IllegalArgumentException if the property says something else
     * @throws IllegalStateException if it says {@code testcontainers}, and they are not on the class path
     */
    public <T> T start(String image, Supplier<T> container, Supplier<T> embedded) {
        return switch (wanted) {
            case "embedded" -> embedded.get();
            case "testcontainers" -> {
                if (!onClassPath) {
                    throw new IllegalStateException(
                            "%s is testcontainers, but the class path has no org.testcontainers:testcontainers; add it, with the scope test."
                                    .formatted(PROPERTY));
                }
                yield container.get();
            }
            case "" -> startWhatIsThere(image, container, embedded);
            default ->
                throw new IllegalArgumentException(
                        "%s is '%s'; it may be embedded or testcontainers. Without it, containers are used where an engine and the images are there."
                                .formatted(PROPERTY, wanted));
        };
    }

    private <T> T startWhatIsThere(String image, Supplier<T> container, Supplier<T> embedded) {
        if (!onClassPath) {
            return embedded.get();
        }
        Optional<String> obstacle = engine.get().obstacle(image, limit);
        if (obstacle.isPresent()) {
            log.info("An embedded server stands in for {}: {}", image, obstacle.get());
            return embedded.get();
        }
        try {
            T started = container.get();
            log.info("{} runs in a container; -D{}=embedded does without", image, PROPERTY);
            return started;
        } catch (RuntimeException trouble) {
            log.warn(
                    "A container of {} can't be started, so an embedded server stands in; -D{}=embedded does not try it. {}",
                    image,
                    PROPERTY,
                    trouble.toString());
            log.debug("Why a container of {} can't be started", image, trouble);
            return embedded.get();
        }
    }
}
