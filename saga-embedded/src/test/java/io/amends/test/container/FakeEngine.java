package io.amends.test.container;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Answers what is asked of a container engine about its images, or nothing at all. */
final class FakeEngine implements AutoCloseable {

    private final Path socket;
    private final ServerSocketChannel server;
    private final Set<String> images;

    private FakeEngine(Path socket, ServerSocketChannel server, Set<String> images) {
        this.socket = socket;
        this.server = server;
        this.images = images;
    }

    static FakeEngine with(Path folder, String... images) throws IOException {
        FakeEngine made = silent(folder, images);
        Thread answers = new Thread(made::answer, "fake-engine");
        answers.setDaemon(true);
        answers.start();
        return made;
    }

    static FakeEngine silent(Path folder, String... images) throws IOException {
        Path socket = folder.resolve("engine.sock");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        return new FakeEngine(socket, server, Set.of(images));
    }

    Path socket() {
        return socket;
    }

    private void answer() {
        try {
            while (true) {
                try (SocketChannel client = server.accept()) {
                    ByteBuffer request = ByteBuffer.allocate(4096);
                    client.read(request);
                    String path = StandardCharsets.US_ASCII
                            .decode(request.flip())
                            .toString()
                            .split(" ", 3)[1];
                    client.write(StandardCharsets.US_ASCII.encode(answerTo(path)));
                }
            }
        } catch (IOException closed) {
            return;
        }
    }

    private String answerTo(String path) {
        String asked = URLDecoder.decode(path, StandardCharsets.UTF_8);
        if (asked.startsWith("/images/json?filters=")) {
            boolean found = images.stream()
                    .anyMatch(image -> asked.contains("[\"" + image.substring(0, image.indexOf(':')) + "\"]"));
            return "HTTP/1.0 200 OK\r\n\r\n" + (found ? "[{\"Id\":\"sha256:1\"}]" : "[]");
        }
        return images.stream().anyMatch(image -> asked.equals("/images/" + image + "/json"))
                ? "HTTP/1.0 200 OK\r\n\r\n{\"Id\":\"sha256:1\"}"
                : "HTTP/1.0 404 Not Found\r\n\r\n{\"message\":\"No such image\"}";
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
    }
}
