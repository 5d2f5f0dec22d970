package io.amends.spring.boot.autoconfigure.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.stuck.StuckReason;
import io.amends.saga.definition.ProblemCode;
import io.amends.saga.engine.Disposition;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.StepStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference/error-codes.md is what the enums and the rules say. */
class CodesPageTest {

    private static final String COMMAND = "mvn -q -pl saga-spring-boot-starter -am verify -Dtest=CodesPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Damends.docs.write=true";

    private static final Path ENGINE = Path.of("../saga-core/src/main/java/io/amends/saga/engine");

    @Test
    void the_page_has_every_code_of_the_enums() throws IOException {
        String codes = "## Definitions: `SAGA-...`\n\n| code | what is wrong |\n|---|---|\n"
                + rows(ProblemCode.values(), problem -> "| `%s` | %s |\n".formatted(problem.code(), problem.meaning()))
                + "\n## Phases of a saga\n\n" + ofSource(SagaPhase.values())
                + "\n## States of a step\n\n" + ofSource(StepStatus.values())
                + "\n## Why a saga turned back or is stuck\n\n" + ofSource(ReasonCode.values())
                + "\n## Why the console shows a saga as stuck\n\n"
                + "| code | severity | what is the matter | what to do first |\n|---|---|---|---|\n"
                + rows(
                        StuckReason.values(),
                        reason -> "| [`%s`](../%s) | %s | %s | %s |\n"
                                .formatted(
                                        reason.name(),
                                        reason.runbook(),
                                        reason.severity().name().toLowerCase(Locale.ROOT),
                                        reason.sentence(),
                                        reason.action()))
                + "\n## What became of a reply or an order\n\n" + ofSource(Disposition.values());
        new GeneratedPage("reference/error-codes.md", CodesPageTest.class).shows(codes, COMMAND);
    }

    @Test
    void the_reasons_of_messages_that_were_set_aside_are_those_of_the_code() throws IOException {
        String page = Files.readString(Path.of("../docs/reference/error-codes.md"));
        Set<String> told = Pattern.compile("^\\| `([A-Z_]+)` \\| (?:quarantine|parked) \\|", Pattern.MULTILINE)
                .matcher(page)
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> used = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("../saga-runtime/src/main/java/io/amends/runtime"))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".java")).toList()) {
                used.addAll(found(
                        Files.readString(file),
                        "(?:MalformedMessageException\\(|new Case\\([^\"]*?)\\s*\"([A-Z]+_[A-Z_]+)\""));
                used.addAll(found(Files.readString(file), "reply\\.record\\(\\), \"([A-Z]+_[A-Z_]+)\""));
            }
        }
        used.addAll(found(
                Files.readString(Path.of("../saga-outbox/src/main/java/io/amends/outbox/relay/PermanentFailures.java")),
                "Optional\\.of\\(\"([A-Z_]+)\"\\)"));
        for (String source : new String[] {"LocalPublisher", "LocalHandOver"}) {
            used.addAll(found(
                    Files.readString(
                            Path.of("../saga-outbox/src/main/java/io/amends/outbox/relay/" + source + ".java")),
                    "static final String [A-Z_]+ = \"([A-Z_]+)\""));
        }
        assertThat(told).isEqualTo(used);
    }

    @Test
    void the_codes_of_the_console_s_problems_are_those_of_the_code() throws IOException {
        Set<String> told = Pattern.compile("^\\| `([A-Z_]+)` \\| (\\d{3}) \\|", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("../docs/reference/error-codes.md")))
                .results()
                .map(row -> row.group(2) + " " + row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> used = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("../saga-dashboard/src/main/java"))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".java")).toList()) {
                used.addAll(problemsOf(Files.readString(file)));
            }
        }
        assertThat(used).hasSizeGreaterThan(20);
        assertThat(told).isEqualTo(used);
    }

    /** With a status and a code of its own, or of a conflict, where one of several may be meant. */
    private static Set<String> problemsOf(String source) {
        Set<String> problems = new TreeSet<>();
        Pattern.compile("new (?:Console)?Problem\\(\\s*(\\d{3}),\\s*([^,]+),")
                .matcher(source)
                .results()
                // The one place where a conflict is made, of the codes below.
                .filter(made -> !made.group(2).equals("code"))
                .forEach(made -> problems.add(
                        made.group(1) + " " + made.group(2).replace("\"", "").strip()));
        Pattern.compile("[.]conflict\\(([^;]*);")
                .matcher(source)
                .results()
                .flatMap(call -> Pattern.compile("\"([A-Z_]{3,})\"")
                        .matcher(call.group(1))
                        .results())
                .forEach(code -> problems.add("409 " + code.group(1)));
        return problems;
    }

    private static Set<String> found(String source, String pattern) {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(source)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static <E> String rows(E[] values, Function<E, String> row) {
        return Stream.of(values).map(row).collect(Collectors.joining());
    }

    /** A table of an enum of the engine, with what its Javadoc says of each constant. */
    private static <E extends Enum<E>> String ofSource(E[] values) throws IOException {
        String source =
                Files.readString(ENGINE.resolve(values[0].getDeclaringClass().getSimpleName() + ".java"));
        return "| code | meaning |\n|---|---|\n"
                + rows(values, value -> {
                    Matcher comment = Pattern.compile(
                                    "/\\*\\*((?:(?!\\*/).)*)\\*/\\s+" + value.name() + "\\b", Pattern.DOTALL)
                            .matcher(source);
                    assertThat(comment.find()).as("%s has Javadoc", value).isTrue();
                    return "| `%s` | %s |\n".formatted(value.name(), JavadocText.whole(comment.group(1)));
                });
    }
}
