package io.amends.sample.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/failure-lab.md tells is there. */
class FailureLabPageTest {

    private static final Path DOCS = Path.of("..", "docs").toAbsolutePath().normalize();

    private final String page;

    FailureLabPageTest() throws IOException {
        page = Files.readString(DOCS.resolve("failure-lab.md"));
    }

    @Test
    void it_tells_of_every_scenario_and_of_no_other() {
        List<String> told = Pattern.compile("(?m)^### `([a-z-]+)`$")
                .matcher(page)
                .results()
                .map(heading -> heading.group(1))
                .toList();

        assertThat(told).containsExactlyInAnyOrderElementsOf(Fault.ids());
    }

    @Test
    void it_tells_of_every_option() {
        assertThat(page)
                .contains("`--scenario`", "`--duration`", "`--rate`", "`--share`", "`--seed`", "`--dies`", "`--port`");
    }

    @Test
    void every_file_that_it_links_to_exists() {
        assertThat(Pattern.compile("]\\(([^)#]+)").matcher(page).results().map(link -> link.group(1)))
                .isNotEmpty()
                .filteredOn(link -> !link.startsWith("http"))
                .allSatisfy(link -> assertThat(DOCS.resolve(link)).exists());
    }
}
