package io.amends.dashboard.stuck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.amends.dashboard.Depot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each reason has its runbook, each runbook its reason, and the queries that it shows can be run. */
class RunbooksTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path BOOKS = ROOT.resolve("docs/runbooks");
    private static final Path DECISIONS =
            ROOT.resolve("saga-twopc/src/main/resources/io/amends/twopc/schema/V3_001__decisions.sql");
    private static final Pattern QUERY = Pattern.compile("```sql\n(.*?);\n```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(#[^)]*)?\\)");

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<Path> pages() {
        try (Stream<Path> files = Files.list(BOOKS)) {
            return files.sorted().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void there_is_a_page_for_each_reason_and_no_other() {
        assertThat(pages())
                .extracting(page -> page.getFileName().toString().replace(".md", ""))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                Stream.of("README"),
                                Stream.of(StuckReason.values()).map(Enum::name))
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void a_page_answers_what_is_asked_at_night(StuckReason reason) {
        String severity = reason.severity().name().toLowerCase(Locale.ROOT);

        assertThat(read(ROOT.resolve("docs").resolve(reason.runbook())))
                .startsWith("# %s\n".formatted(reason))
                .containsIgnoringCase("\n%s. [All runbooks](README.md)".formatted(severity))
                .contains(
                        "## What it means",
                        "## Is money at risk?",
                        "## How to confirm it",
                        "## What to do",
                        "## What not to do",
                        "## How to tell that it is over");
        assertThat(read(BOOKS.resolve("README.md")))
                .contains("| [%s](%s.md) | %s | ".formatted(reason, reason, severity));
    }

    @Test
    void every_file_that_a_page_links_to_exists() {
        for (Path page : pages()) {
            assertThat(LINK.matcher(read(page)).results().map(link -> link.group(1)))
                    .allSatisfy(link -> assertThat(BOOKS.resolve(link)).exists());
        }
    }

    @Test
    void every_query_can_be_run() {
        try (Depot depot = new Depot()) {
            depot.jdbc.execute(read(DECISIONS));
            List<MatchResult> queries = pages().stream()
                    .flatMap(page -> QUERY.matcher(read(page)).results())
                    .toList();

            assertThat(queries)
                    .hasSizeGreaterThan(StuckReason.values().length)
                    .allSatisfy(query -> assertThatCode(() -> depot.jdbc.queryForList(query.group(1)))
                            .as(query.group(1))
                            .doesNotThrowAnyException());
        }
    }
}
