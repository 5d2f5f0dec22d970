package io.amends.test.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the binaries of PostgreSQL are unpacked: once for each user of the machine, because it takes seconds. */
final class PostgresBinaries {

    private PostgresBinaries() {}

    /**
     * The directory to unpack to. It lies in the user's own cache: in the common temporary directory others could guess
     * its name and put their binaries there, and cleaners remove single files of it.
     *
     * @param own a directory of this server, taken where the user has no cache that can be written to
     */
    static File directory(Path own) {
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "amends", "postgres");
        try {
            Files.createDirectories(cache);
        } catch (IOException noCache) {
            return own.toFile();
        }
        return (Files.isWritable(cache) ? cache : own).toFile();
    }
}
