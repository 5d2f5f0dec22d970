package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.test.saga.SagaTester;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/**
 * All pages of the repository: links lead somewhere, tests that are named exist, and something looks at each block of code. A
 * block at which nothing can look has the line {@code <!-- not compiled: why -->} above it; one that a test of its own looks at
 * has {@code <!-- SomeTest runs this -->}.
 */
class DocsTest {

    /** A test that is named as a link, with or without a method: its name and the file. */
    private static final Pattern LINKED_TEST =
            Pattern.compile("\\[`?(\\w+Test)(?:\\.(\\w+))?`?]\\(([^)]*/(\\w+)\\.java)\\)");

    /** The languages at which a test below looks. */
    private static final Set<String> LOOKED_AT =
            Set.of("java", "properties", "yaml", "json", "xml", "sh", "sql", "mermaid");

    /** Of these, blocks that name a test are not looked at below: roles, databases and programs of others are known there only. */
    private static final Set<String> LEFT_TO_TESTS = Set.of("sql", "properties");

    private static final Pattern DRAWING =
            Pattern.compile("(flowchart (LR|TD)|sequenceDiagram|stateDiagram-v2)\\n.*", Pattern.DOTALL);

    /** What is easily wrong by one word, and does nothing then. */
    private static final Pattern SETTING_OF_A_POM =
            Pattern.compile("<(executions|exclusions)>.*?</\\1>", Pattern.DOTALL);

    private static List<MarkdownPage> pages;

    @BeforeAll
    static void read() throws IOException {
        pages = MarkdownPage.all();
        assertThat(pages).hasSizeGreaterThan(25);
    }

    @Test
    void every_link_leads_to_a_file_and_a_heading_that_exist() {
        assertThat(pages.stream().flatMap(page -> page.deadLinks().stream().map(link -> page.name() + " -> " + link)))
                .as("links that lead nowhere")
                .isEmpty();
    }

    @Test
    void every_block_has_a_language_at_which_a_test_looks_or_says_why_nothing_does() {
        assertThat(inBlocks(
                        block -> !block.marked() && block.test().isEmpty(),
                        block -> LOOKED_AT.contains(block.language())
                                ? List.of()
                                : List.of("language '%s'".formatted(block.language()))))
                .as("blocks at which nothing looks; say why above them: <!-- not compiled: why -->")
                .isEmpty();
    }

    @Test
    void every_test_that_a_block_names_reads_that_page() throws IOException {
        NamedTests tests = NamedTests.ofAllModules();
        for (MarkdownPage page : pages) {
            for (MarkdownPage.Block block : page.blocks()) {
                block.test()
                        .ifPresent(test -> assertThat(tests.source(test))
                                .as("%s, which %s:%d names", test, page.name(), block.line())
                                .contains(page.file().getFileName().toString()));
            }
        }
    }

    @Test
    void every_file_that_a_page_shows_is_as_it_shows_it() throws IOException {
        for (MarkdownPage page : pages) {
            for (MarkdownPage.Block block : page.blocks()) {
                if (block.file().isPresent()) {
                    assertThat(NamedTests.ROOT.resolve(block.file().get()))
                            .as("%s:%d", page.name(), block.line())
                            .content()
                            .isEqualToIgnoringNewLines(block.code());
                }
            }
        }
    }

    @Test
    void every_block_of_java_stands_in_a_file_that_is_compiled() throws IOException {
        SourceCode code = SourceCode.of(".java");
        assertThat(wrongIn("java", block -> code.has(block.code()) ? List.of() : List.of(block.code())))
                .as("blocks of Java that no compiled file has; put them into one, or say why not above the block")
                .isEmpty();
    }

    @Test
    void the_sagas_of_the_guides_keep_all_rules() {
        assertThat(SagaTester.of(new CodeOfGuides.TripSaga(text -> {}))).isNotNull();
        assertThat(SagaTester.of(new CodeOfGuides.ParcelSaga())).isNotNull();
        assertThat(SagaTester.of(new CodeOfGuides.ParcelSagaV2())).isNotNull();
    }

    @Test
    void every_property_that_a_block_sets_exists_and_takes_that_value() throws IOException {
        KnownProperties known = KnownProperties.ofClassPath();
        assertThat(wrongIn("properties", known::unknownIn))
                .as("properties that neither the starters nor Spring Boot know")
                .isEmpty();
        assertThat(wrongIn("properties", known::wrongIn))
                .as("values that their properties do not take")
                .isEmpty();
    }

    @Test
    void every_block_of_yaml_is_known_properties_or_services_with_the_images_of_the_compose_file() throws IOException {
        KnownProperties known = KnownProperties.ofClassPath();
        String compose = Files.readString(NamedTests.ROOT.resolve("docker-compose.yml"));
        assertThat(wrongIn("yaml", block -> {
                    Map<String, Object> yaml = new Yaml().load(block.code());
                    if (!(yaml.get("services") instanceof Map<?, ?> services)) {
                        return Stream.of(known.unknownIn(block), known.wrongIn(block))
                                .flatMap(List::stream)
                                .toList();
                    }
                    return services.values().stream()
                            .map(service -> "image: " + ((Map<?, ?>) service).get("image"))
                            .filter(image -> !compose.contains(image + "\n"))
                            .toList();
                }))
                .as("blocks of YAML that nobody understands so")
                .isEmpty();
    }

    @Test
    void every_dependency_and_plugin_that_a_block_names_is_as_a_pom_here_has_it() throws IOException {
        KnownArtifacts known = new KnownArtifacts();
        assertThat(wrongIn("xml", block -> known.wrongIn(block.code())))
                .as("what a pom would not get, or not so")
                .isEmpty();
    }

    @Test
    void what_a_block_excludes_or_lets_a_plugin_do_stands_so_in_a_pom_here() throws IOException {
        SourceCode poms = SourceCode.of("pom.xml");
        assertThat(wrongIn(
                        "xml",
                        block -> SETTING_OF_A_POM
                                .matcher(block.code())
                                .results()
                                .map(MatchResult::group)
                                .filter(setting -> !poms.has(setting))
                                .toList()))
                .as("exclusions and executions that no pom has")
                .isEmpty();
    }

    @Test
    void every_command_names_modules_tests_jars_scripts_routes_and_options_that_exist() throws IOException {
        KnownCommands known = new KnownCommands(KnownProperties.ofClassPath());
        assertThat(wrongIn("sh", block -> known.unknownIn(block.code())))
                .as("what commands name and is not there")
                .isEmpty();
    }

    @Test
    void every_block_of_sql_is_understood_by_the_migrated_tables_or_stands_in_a_file_that_is_compiled()
            throws IOException, SQLException {
        SourceCode code = SourceCode.of(".java");
        try (MigratedTables tables = new MigratedTables()) {
            assertThat(wrongIn("sql", block -> code.has(block.code()) ? List.of() : tables.notUnderstood(block.code())))
                    .as("SQL that the tables do not understand")
                    .isEmpty();
        }
    }

    @Test
    void every_block_of_json_and_every_drawing_is_well_formed() {
        assertThat(wrongIn("json", block -> KnownCommands.isJson(block.code()) ? List.of() : List.of("no JSON")))
                .isEmpty();
        assertThat(wrongIn("mermaid", block -> isDrawing(block.code()) ? List.of() : List.of("no drawing")))
                .isEmpty();
    }

    /** As far as can be told without drawing it: its kind, and what is opened is closed. */
    private static boolean isDrawing(String code) {
        String bare = code.replaceAll("\"[^\"\n]*\"", "");
        return DRAWING.matcher(code).matches()
                && !bare.contains("\"")
                && Stream.of("()", "[]", "{}")
                        .allMatch(pair -> count(bare, pair.substring(0, 1)) == count(bare, pair.substring(1)))
                && count(bare, "subgraph ")
                        == code.lines()
                                .filter(line -> line.strip().equals("end"))
                                .count();
    }

    private static long count(String text, String part) {
        return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
    }

    @Test
    void every_test_that_is_named_exists() throws IOException {
        NamedTests tests = NamedTests.ofAllModules();
        assertThat(pages.stream()
                        .flatMap(page -> NamedTests.in(page.text()).stream()
                                .filter(named -> !tests.has(named))
                                .map(named -> page.name() + " -> " + named.group())))
                .as("tests that do not exist")
                .isEmpty();
        assertThat(pages.stream()
                        .flatMap(page -> LINKED_TEST
                                .matcher(page.text())
                                .results()
                                .filter(link -> !link.group(1).equals(link.group(4)))
                                .map(link -> page.name() + " -> " + link.group())))
                .as("links that lead to another test than they name")
                .isEmpty();
    }

    /** What is wrong with the blocks of a language, without those that are a file of the repository. */
    private static List<String> wrongIn(String language, Function<MarkdownPage.Block, List<String>> look) {
        return inBlocks(
                block -> block.language().equals(language)
                        && !block.marked()
                        && block.file().isEmpty()
                        && (block.test().isEmpty() || !LEFT_TO_TESTS.contains(language)),
                look);
    }

    private static List<String> inBlocks(
            Predicate<MarkdownPage.Block> which, Function<MarkdownPage.Block, List<String>> look) {
        return pages.stream()
                .flatMap(page -> page.blocks().stream()
                        .filter(which)
                        .flatMap(block -> look.apply(block).stream()
                                .map(wrong -> "%s:%d -> %s".formatted(page.name(), block.line(), wrong))))
                .toList();
    }
}
