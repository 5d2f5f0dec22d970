package io.amends.spring.boot.autoconfigure.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** docs/reference/tables.md names the tables and views that the scripts make, and no others. */
class TablesPageTest {

    private static final Pattern ROW = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE);
    private static final Pattern MADE =
            Pattern.compile("^create (?:unlogged )?(?:table|view) (\\w+)\\b(?! partition of)", Pattern.MULTILINE);
    private static final Pattern DROPPED = Pattern.compile("^drop table (\\w+)", Pattern.MULTILINE);

    @Test
    void every_table_has_its_row() throws IOException {
        Set<String> made = new TreeSet<>();
        Set<String> dropped = new TreeSet<>();
        for (Resource script :
                new PathMatchingResourcePatternResolver().getResources("classpath*:io/amends/**/V*__*.sql")) {
            String text = script.getContentAsString(StandardCharsets.UTF_8);
            made.addAll(names(MADE, text));
            dropped.addAll(names(DROPPED, text));
        }
        // A table that was dropped and made anew is there.
        dropped.removeAll(Set.of("saga_outbox", "saga_inbox"));
        made.removeAll(dropped);

        assertThat(made).contains("saga_instance", "saga_outbox", "saga_console_action", "twopc_decision");
        assertThat(names(ROW, Files.readString(Path.of("../docs/reference/tables.md"))))
                .isEqualTo(made);
        assertThat(made)
                .as("tables that could be taken for the application's")
                .allSatisfy(table -> assertThat(table).matches("(saga|twopc)_.+"));
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
