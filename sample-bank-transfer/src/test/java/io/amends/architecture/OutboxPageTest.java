package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The examples of docs/outbox.md are parts of tests that run, and what it links to is there. */
class OutboxPageTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)\\)");

    private final String page = read(ROOT.resolve("docs/outbox.md"));

    @Test
    void every_example_stands_in_the_test_that_it_is_from() throws IOException {
        String tests;
        try (Stream<Path> modules = Stream.of("saga-outbox", "saga-outbox-spring-boot-starter")
                        .map(ROOT::resolve);
                Stream<Path> files =
                        modules.map(module -> module.resolve("src/test/java")).flatMap(OutboxPageTest::javaFiles)) {
            tests = files.map(OutboxPageTest::read)
                    .map(OutboxPageTest::withoutSpace)
                    .collect(Collectors.joining());
        }

        List<MatchResult> examples = EXAMPLE.matcher(page).results().toList();

        assertThat(examples)
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(example -> assertThat(tests.contains(withoutSpace(example.group(1))))
                        .as(example.group(1))
                        .isTrue());
    }

    @Test
    void every_file_that_it_links_to_exists() {
        assertThat(LINK.matcher(page).results().map(link -> link.group(1)))
                .isNotEmpty()
                .filteredOn(link -> !link.startsWith("http"))
                .allSatisfy(
                        link -> assertThat(ROOT.resolve("docs").resolve(link)).exists());
    }

    private static Stream<Path> javaFiles(Path folder) {
        try {
            return Files.walk(folder).filter(file -> file.toString().endsWith(".java"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String withoutSpace(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
