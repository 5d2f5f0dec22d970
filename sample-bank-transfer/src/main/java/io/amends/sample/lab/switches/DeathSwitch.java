package io.amends.sample.lab.switches;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A moment at which a process dies once, if it is armed. It is armed by a file, so that nothing has to listen for it, and
 * the file goes first, so that the next life of the process lives. Safe for use by many threads and processes.
 */
public enum DeathSwitch {
    /** Both banks are prepared and nothing is decided. */
    BEFORE_DECISION("die-before-decision"),
    /** The decision is durable and no bank knows it. */
    AFTER_DECISION("die-after-decision");

    private final String file;

    DeathSwitch(String file) {
        this.file = file;
    }

    /** Arms it, in the folder that the process was given. */
    public void arm(Path folder) {
        try {
            Files.createFile(folder.resolve(file));
        } catch (java.nio.file.FileAlreadyExistsException armed) {
            return;
        } catch (IOException trouble) {
            throw new UncheckedIOException("The switch %s can't be armed in %s".formatted(file, folder), trouble);
        }
    }

    /** Takes the file away; true if it was armed. Of many who ask at the same time one is told so. */
    public boolean disarm(Path folder) {
        try {
            return Files.deleteIfExists(folder.resolve(file));
        } catch (IOException trouble) {
            throw new UncheckedIOException("The switch %s can't be read in %s".formatted(file, folder), trouble);
        }
    }

    /** Whether it is armed. */
    public boolean isArmed(Path folder) {
        return Files.exists(folder.resolve(file));
    }
}
