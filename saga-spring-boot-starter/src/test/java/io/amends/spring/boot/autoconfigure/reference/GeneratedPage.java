package io.amends.spring.boot.autoconfigure.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a page of docs/ that a test writes; what stands above and below it is written by hand. */
final class GeneratedPage {

    private final String name;
    private final String begin;
    private final String end;
    private final Path file;

    /**
     * @param name below docs/, such as {@code reference/properties.md}
     * @param author who compares it, and writes it with {@code -Damends.docs.write=true}
     */
    GeneratedPage(String name, Class<?> author) {
        this.name = name;
        this.begin = "<!-- %s writes from here -->\n".formatted(author.getSimpleName());
        this.end = "<!-- up to here -->\n";
        this.file = Path.of("..", "docs").resolve(name);
    }

    /**
     * Compares the part with what the code says.
     *
     * @throws AssertionError if it says something else; tells the command that writes it anew
     */
    void shows(String expected, String command) throws IOException {
        String page = Files.readString(file);
        assertThat(page)
                .as("docs/%s needs the marks of its generated part", name)
                .contains(begin, end);
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf(end, from);
        String part = "\n" + expected + "\n";
        if (Boolean.getBoolean("amends.docs.write")) {
            Files.writeString(file, page.substring(0, from) + part + page.substring(to));
            return;
        }
        assertThat(page.substring(from, to))
                .as("docs/%s is out of date. Write it anew from the root of the project:%n  %s%n", name, command)
                .isEqualTo(part);
    }
}
