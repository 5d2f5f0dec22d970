package io.amends.test.container;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The container engine of this machine, asked by hand through its socket: Testcontainers takes many seconds to find that
 * there is none. Engines elsewhere are left to the property.
 */
final class ContainerEngine {

    private static final int LONGEST_ANSWER = 64 * 1024;
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final String UNIX = "unix://";
    private static final String CLEANER = "testcontainers/ryuk";

    private final @Nullable Path socket;
    private final String whereNot;
    private final boolean needsCleaner;

    private ContainerEngine(@Nullable Path socket, String whereNot, boolean needsCleaner) {
        this.socket = socket;
        this.whereNot = whereNot;
        this.needsCleaner = needsCleaner;
    }

    /** Where Docker's own clients would look. */
    static ContainerEngine find(Map<String, String> environment, Path home) {
        boolean needsCleaner = !"true".equalsIgnoreCase(environment.get("TESTCONTAINERS_RYUK_DISABLED"));
        String host = environment.get("DOCKER_HOST");
        if (host != null && !host.isBlank()) {
            return host.startsWith(UNIX)
                    ? new ContainerEngine(Path.of(host.substring(UNIX.length())), "", needsCleaner)
                    : new ContainerEngine(null, "DOCKER_HOST names no socket of this machine", needsCleaner);
        }
        List<Path> usual = new ArrayList<>(List.of(Path.of("/var/run/docker.sock")));
        String runtime = environment.get("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isBlank()) {
            usual.add(Path.of(runtime, "docker.sock"));
        }
        usual.add(home.resolve(".docker/run/docker.sock"));
        return usual.stream()
                .filter(Files::exists)
                .findFirst()
                .map(found -> new ContainerEngine(found, "", needsCleaner))
                .orElseGet(
                        () -> new ContainerEngine(null, "there is no container engine on this machine", needsCleaner));
    }

    /**
     * Why a container of that image can't be started at once; empty if nothing is in the way.
     *
     * @param limit for all of it; an engine that takes longer is none
     */
    Optional<String> obstacle(String image, Duration limit) {
        if (socket == null) {
            return Optional.of(whereNot);
        }
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            if (!ask(socket, "/images/%s/json".formatted(image), deadline).contains(" 200 ")) {
                return Optional.of("the container engine does not have it; docker pull %s brings it".formatted(image));
            }
            if (needsCleaner && !ask(socket, imagesNamed(CLEANER), deadline).contains("\"Id\"")) {
                return Optional.of(
                        "the container engine does not have %s, which clears up behind tests; TESTCONTAINERS_RYUK_DISABLED=true does without"
                                .formatted(CLEANER));
            }
            return Optional.empty();
        } catch (IOException trouble) {
            return Optional.of("the container engine at %s does not answer within %d ms: %s"
                    .formatted(socket, limit.toMillis(), trouble));
        }
    }

    private static String imagesNamed(String name) {
        return "/images/json?filters="
                + URLEncoder.encode("{\"reference\":[\"%s\"]}".formatted(name), StandardCharsets.UTF_8);
    }

    /** The first line of the answer, and as much more as fits. */
    private static String ask(Path socket, String path, long deadline) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, 0);
            if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
                await(selector, key, SelectionKey.OP_CONNECT, deadline);
                channel.finishConnect();
            }
            ByteBuffer request =
                    StandardCharsets.US_ASCII.encode("GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n".formatted(path));
            while (request.hasRemaining()) {
                await(selector, key, SelectionKey.OP_WRITE, deadline);
                channel.write(request);
            }
            ByteBuffer answer = ByteBuffer.allocate(LONGEST_ANSWER);
            int read = 0;
            while (read >= 0 && answer.hasRemaining()) {
                await(selector, key, SelectionKey.OP_READ, deadline);
                read = channel.read(answer);
            }
            return StandardCharsets.UTF_8.decode(answer.flip()).toString();
        }
    }

    private static void await(Selector selector, SelectionKey key, int what, long deadline) throws IOException {
        key.interestOps(what);
        long millis = (deadline - System.nanoTime()) / NANOS_PER_MILLI;
        if (millis <= 0 || selector.select(millis) == 0) {
            throw new SocketTimeoutException("no answer");
        }
        selector.selectedKeys().clear();
    }
}
