package io.amends.benchmarks.twopc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page that the figures of a run go into, between two marks; the rest of it is left as it is. */
final class Page {

    static final String FILE = "saga-or-2pc.md";
    static final String BEGIN = "<!-- figures: begin -->";
    static final String END = "<!-- figures: end -->";

    private static final String FRAME = "# Saga or two-phase commit\n\n## Figures\n\n%s\n%s\n".formatted(BEGIN, END);

    private Page() {}

    /**
     * Puts the figures into the page in that folder, and makes the page if it is not there.
     *
     * @throws IllegalStateException if the page has not both marks in their order
     */
    static void write(Path folder, String figures) {
        Path page = folder.resolve(FILE);
        try {
            Files.createDirectories(folder);
            String text = Files.exists(page) ? Files.readString(page) : FRAME;
            int begin = text.indexOf(BEGIN);
            int end = text.indexOf(END);
            if (begin < 0 || end < begin) {
                throw new IllegalStateException("%s needs a line %s and after it a line %s; the figures go between them"
                        .formatted(page, BEGIN, END));
            }
            Files.writeString(
                    page,
                    text.substring(0, begin + BEGIN.length()) + "\n\n" + figures.strip() + "\n\n"
                            + text.substring(end));
        } catch (IOException trouble) {
            throw new UncheckedIOException("%s can't be written".formatted(page), trouble);
        }
    }
}
