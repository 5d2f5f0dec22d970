package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tests that docs/semantics.md names exist. */
class SemanticsPageTest {

    @Test
    void every_sentence_is_shown_by_a_test_that_exists() throws IOException {
        NamedTests tests = NamedTests.ofAllModules();
        List<String> lines = Files.readAllLines(NamedTests.ROOT.resolve("docs/semantics.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| what"))
                .toList();

        assertThat(lines)
                .hasSizeGreaterThan(30)
                .allSatisfy(line -> assertThat(NamedTests.in(line))
                        .as("tests in: %s", line)
                        .isNotEmpty()
                        .allSatisfy(named -> assertThat(tests.has(named))
                                .as("%s.%s", named.group(1), named.group(2))
                                .isTrue()));
    }
}
