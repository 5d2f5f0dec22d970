package io.amends.spring.boot.autoconfigure.console;

import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;

/** Makes a hot standby that streams from a server, by PostgreSQL's functions for a backup: its program for that is not here. */
final class Standby {

    private static final Set<String> OF_THE_PRIMARY_ALONE = Set.of("postmaster.pid", "postmaster.opts", "epg-lock");

    private Standby() {}

    /**
     * A standby of that server.
     *
     * @param at the server's directory
     * @param directory the standby's, empty
     */
    static EmbeddedPostgresServer of(EmbeddedPostgresServer primary, Path at, Path directory)
            throws IOException, SQLException {
        Path data = directory.resolve("data");
        try (Connection connection = DriverManager.getConnection(
                        primary.jdbcUrl("postgres"), primary.username(), primary.password());
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_backup_start('standby', true)");
            copy(at.resolve("data"), data);
            try (ResultSet label = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                label.next();
                Files.writeString(data.resolve("backup_label"), label.getString(1));
            }
        }
        Files.createFile(data.resolve("standby.signal"));
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=localhost port=%d user=%s password=%s'%n"
                        .formatted(primary.port(), primary.username(), primary.password()),
                StandardOpenOption.APPEND);
        return EmbeddedPostgresServer.start(directory, Map.of());
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Path made = Files.createDirectories(to.resolve(from.relativize(directory)));
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx------"));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!OF_THE_PRIMARY_ALONE.contains(file.getFileName().toString())) {
                    try {
                        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                    } catch (NoSuchFileException goneMeanwhile) {
                        // The server removes files while it is copied; what it did is in its log, which the standby
                        // reads.
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException trouble) throws IOException {
                if (trouble instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw trouble;
            }
        });
    }
}
