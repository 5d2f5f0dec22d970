package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The texts that docs/troubleshooting.md quotes of a start that fails are the code's. */
class TroubleshootingPageTest {

    private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);

    @Test
    void every_text_of_a_failed_start_is_one_that_the_code_has() throws IOException {
        SourceCode code = SourceCode.of(".java");
        List<String> texts = ROW.matcher(MarkdownPage.of(NamedTests.ROOT.resolve("docs/troubleshooting.md"))
                        .text())
                .results()
                .map(row -> row.group(1))
                .toList();

        assertThat(texts)
                .hasSizeGreaterThan(8)
                .allSatisfy(text -> assertThat(Stream.of(text.split("\\.\\.\\."))
                                .filter(part -> part.strip().length() > 4)
                                .allMatch(code::has))
                        .as(text)
                        .isTrue());
    }
}
