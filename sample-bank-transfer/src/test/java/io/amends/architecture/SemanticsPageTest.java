package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that docs/semantics.md names exist. */
class SemanticsPageTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern NAMED = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    @Test
    void every_sentence_is_shown_by_a_test_that_exists() throws IOException {
        Map<String, String> tests = tests();
        List<String> lines = Files.readAllLines(ROOT.resolve("docs/semantics.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| what"))
                .toList();

        assertThat(lines).hasSizeGreaterThan(30).allSatisfy(line -> {
            Matcher named = NAMED.matcher(line);
            assertThat(named.find()).as("a test in: %s", line).isTrue();
            do {
                assertThat(tests.getOrDefault(named.group(1), ""))
                        .as("%s.%s", named.group(1), named.group(2))
                        .contains("void " + named.group(2) + "(");
            } while (named.find());
        });
    }

    private static Map<String, String> tests() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(SemanticsPageTest::filesBelow)
                    .filter(file -> file.getFileName().toString().endsWith("Test.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            SemanticsPageTest::read,
                            String::concat,
                            TreeMap::new));
        }
    }

    private static Stream<Path> filesBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
