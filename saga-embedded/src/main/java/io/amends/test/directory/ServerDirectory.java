package io.amends.test.directory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The directory that an embedded server keeps its data and log in. Immutable; the files are not locked. */
public final class ServerDirectory {

    private static final int LINES = 10;

    private final Path path;
    private final boolean temporary;

    private ServerDirectory(Path path, boolean temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    /**
     * A new directory that {@link #clear} deletes.
     *
     * @throws UncheckedIOException if it can't be made
     */
    public static ServerDirectory temporary(String prefix) {
        try {
            return new ServerDirectory(Files.createTempDirectory(prefix), true);
        } catch (IOException trouble) {
            throw new UncheckedIOException("There is no place for the data of an embedded server", trouble);
        }
    }

    /**
     * The caller's directory, which {@link #clear} leaves alone.
     *
     * @throws UncheckedIOException if it can't be made
     */
    public static ServerDirectory kept(Path path) {
        try {
            return new ServerDirectory(Files.createDirectories(path.toAbsolutePath()), false);
        } catch (IOException trouble) {
            throw new UncheckedIOException("There is no place for the data of an embedded server", trouble);
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Whether {@link #clear} deletes it. */
    public boolean isTemporary() {
        return temporary;
    }

    /** The last ten lines of that file in it, for the message of an error; never throws. */
    public String lastLines(String file) {
        try (Stream<String> lines = Files.lines(path.resolve(file))) {
            List<String> all = lines.toList();
            return String.join(System.lineSeparator(), all.subList(Math.max(0, all.size() - LINES), all.size()));
        } catch (IOException | UncheckedIOException unreadable) {
            return "(%s can't be read: %s)".formatted(path.resolve(file), unreadable.getMessage());
        }
    }

    /**
     * Deletes everything, if the directory is temporary. A second call does nothing.
     *
     * @throws UncheckedIOException if something can't be deleted
     */
    public void clear() {
        if (!temporary || !Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException("The files in %s can't be deleted".formatted(path), trouble);
        }
    }
}
