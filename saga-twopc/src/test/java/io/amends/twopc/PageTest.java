package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/two-phase-commit.md says is there. */
class PageTest {

    private static final Path DOCS = Path.of("../docs").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)\\)");
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void every_file_that_it_links_to_exists() throws IOException {
        assertThat(LINK.matcher(page()).results().map(link -> link.group(1)))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(DOCS.resolve(link)).exists());
    }

    @Test
    void every_example_stands_in_a_test_that_runs() throws IOException {
        Path tests = Path.of("src/test/java/io/amends/twopc");
        String test = withoutSpace(Files.readString(tests.resolve("ExampleTest.java"))
                + Files.readString(tests.resolve("http/RemoteExampleTest.java")));

        assertThat(EXAMPLE.matcher(page()).results().map(example -> withoutSpace(example.group(1))))
                .hasSize(4)
                .allSatisfy(example -> assertThat(test).contains(example));
    }

    private static String page() throws IOException {
        return Files.readString(DOCS.resolve("two-phase-commit.md"));
    }

    private static String withoutSpace(String code) {
        return code.replaceAll("\\s+", "");
    }
}
