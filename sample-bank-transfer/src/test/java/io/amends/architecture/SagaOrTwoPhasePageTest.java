package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/saga-or-2pc.md promises is shown by tests that exist, and what it links to is there. */
class SagaOrTwoPhasePageTest {

    private static final Path DOCS = NamedTests.ROOT.resolve("docs");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(#[^)]*)?\\)");
    private static final Pattern TEST_FILE = Pattern.compile("\\[`(\\w+Test)(?:\\.\\w+)?`]\\([^)]*/(\\w+)\\.java\\)");

    private final String page;

    SagaOrTwoPhasePageTest() throws IOException {
        page = Files.readString(DOCS.resolve("saga-or-2pc.md"));
    }

    @Test
    void every_test_that_it_names_exists() throws IOException {
        NamedTests tests = NamedTests.ofAllModules();

        assertThat(NamedTests.in(page))
                .hasSizeGreaterThan(20)
                .allSatisfy(named -> assertThat(tests.has(named))
                        .as("%s.%s", named.group(1), named.group(2))
                        .isTrue());
    }

    @Test
    void every_row_of_a_table_that_promises_to_name_a_test_names_one() {
        List<String> rows = rowsShownByTests();

        assertThat(rows)
                .hasSizeGreaterThan(15)
                .allSatisfy(row ->
                        assertThat(NamedTests.in(row)).as("tests in: %s", row).isNotEmpty());
    }

    @Test
    void every_file_that_it_links_to_exists() {
        assertThat(LINK.matcher(page).results().map(link -> link.group(1)))
                .isNotEmpty()
                .filteredOn(link -> !link.startsWith("http"))
                .allSatisfy(link -> assertThat(DOCS.resolve(link)).exists());
        assertThat(TEST_FILE.matcher(page).results())
                .isNotEmpty()
                .allSatisfy(link -> assertThat(link.group(2)).isEqualTo(link.group(1)));
    }

    /** The rows of tables whose last column is headed "shown by". */
    private List<String> rowsShownByTests() {
        List<String> rows = new ArrayList<>();
        boolean promised = false;
        for (String line : page.lines().toList()) {
            if (!line.startsWith("|")) {
                promised = false;
            } else if (line.strip().endsWith("| shown by |")) {
                promised = true;
            } else if (promised && !line.startsWith("|---")) {
                rows.add(line);
            }
        }
        return rows;
    }
}
