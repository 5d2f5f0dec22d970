package io.amends.spring.boot.autoconfigure.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference/annotations.md is what the annotations' source says. */
class AnnotationsPageTest {

    private static final String COMMAND = "mvn -q -pl saga-spring-boot-starter -am verify -Dtest=AnnotationsPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Damends.docs.write=true";

    /** Those of all modules that are public, by their names. */
    private static final Map<String, Path> FOUND = found();

    /** In the order in which somebody who writes a saga meets them. */
    private static final List<String> ORDER = List.of(
            "Saga",
            "SagaStep",
            "Compensation",
            "Retry",
            "OnReply",
            "OnCompleted",
            "OnCompensating",
            "OnCompensated",
            "OnStuck",
            "MigratesData",
            "SagaParticipant",
            "CommandHandler",
            "MessageType",
            "SearchAttribute",
            "Masked",
            "IdempotentListener",
            "SagaDataSource",
            "Requires",
            "ForTenants",
            "OpenToAll",
            "Shared",
            "SagaTest");

    /** Public because several packages of the starter use them; nobody else has a use for them. */
    private static final List<String> NOT_FOR_APPLICATIONS = List.of("ConditionalOnTransport");

    private static final Pattern TYPE = Pattern.compile(
            "/\\*\\*((?:(?!\\*/).)*)\\*/\\s+(?=@)(?:(?!/\\*\\*).)*?public @interface (\\w+) \\{(.*)}", Pattern.DOTALL);
    private static final Pattern ATTRIBUTE = Pattern.compile(
            "/\\*\\*((?:(?!\\*/).)*)\\*/\\s+(?:@\\w+\\([^()]*\\)\\s+)*([\\w<>?, .\\[\\]]+?) (\\w+)\\(\\)(?: default ([^;]+))?;",
            Pattern.DOTALL);

    @Test
    void no_annotation_is_missing() {
        assertThat(FOUND.keySet())
                .containsExactlyInAnyOrderElementsOf(Stream.of(ORDER, NOT_FOR_APPLICATIONS)
                        .flatMap(List::stream)
                        .toList());
    }

    private static Map<String, Path> found() {
        Map<String, Path> found = new TreeMap<>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path sources : modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file : files.filter(file -> file.toString().endsWith(".java"))
                            .toList()) {
                        if (Files.readString(file).contains("\npublic @interface ")) {
                            found.put(file.getFileName().toString().replace(".java", ""), file);
                        }
                    }
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return found;
    }

    @Test
    void the_page_has_every_attribute_with_its_default_and_its_meaning() throws IOException {
        StringBuilder page = new StringBuilder();
        for (String name : ORDER) {
            page.append(section(name)).append('\n');
        }
        new GeneratedPage("reference/annotations.md", AnnotationsPageTest.class)
                .shows(page.toString().stripTrailing() + "\n", COMMAND);
    }

    private static String section(String name) throws IOException {
        Path file = Objects.requireNonNull(FOUND.get(name), name);
        String source = Files.readString(file);
        Matcher type = TYPE.matcher(source);
        assertThat(type.find() && source.contains("\n@Documented\n"))
                .as("%s has Javadoc and @Documented", file)
                .isTrue();
        List<MatchResult> attributes =
                ATTRIBUTE.matcher(type.group(3)).results().toList();
        assertThat(attributes).as("attributes of %s", name).hasSize((int) type.group(3)
                .lines()
                .filter(line -> line.matches("\\s{4}\\S.*\\(\\).*;"))
                .count());
        String rows = attributes.stream()
                .map(one -> "| `%s` | %s | %s | %s |\n"
                        .formatted(
                                one.group(3),
                                word(one.group(2)),
                                defaultOf(one.group(4)),
                                JavadocText.whole(one.group(1))))
                .collect(Collectors.joining());
        return "## @%s\n\n%s\n%s"
                .formatted(
                        name,
                        JavadocText.summary(type.group(1)).replace("<br>", "\n"),
                        rows.isEmpty() ? "" : "\n| attribute | type | default | meaning |\n|---|---|---|---|\n" + rows);
    }

    private static String word(String type) {
        return switch (type.strip()) {
            case "String" -> "text";
            case "String[]" -> "texts";
            case "int" -> "number";
            case "double" -> "fraction";
            case "boolean" -> "true or false";
            case "Retry" -> "`@Retry`";
            case "Class<? extends Throwable>[]" -> "exception classes";
            case "Class<?>[]" -> "classes";
            case "Filter[]" -> "filters";
            default -> "`" + type.strip() + "`";
        };
    }

    private static String defaultOf(String value) {
        if (value == null) {
            return "needed";
        }
        return switch (value.strip()) {
            case "\"\"", "{}" -> "none";
            case "@Retry" -> "the usual";
            default -> "`" + value.strip().replace("\"", "") + "`";
        };
    }
}
