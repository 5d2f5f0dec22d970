package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.test.saga.SagaTester;
import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * All pages of the repository: links lead somewhere, code is compiled, tests that are named exist. A block that can't be
 * compiled has the line {@code <!-- not compiled: why -->} above it.
 */
class DocsTest {

    /** A test that is named as a link, with or without a method: its name and the file. */
    private static final Pattern LINKED_TEST =
            Pattern.compile("\\[`?(\\w+Test)(?:\\.(\\w+))?`?]\\(([^)]*/(\\w+)\\.java)\\)");

    private static final Pattern DEPENDENCY =
            Pattern.compile("<dependency>\\s*(<groupId>[^<]+</groupId>\\s*<artifactId>[^<]+</artifactId>)");

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
    void every_block_of_java_stands_in_a_file_that_is_compiled() throws IOException {
        assertThat(missing(SourceCode.of(".java"), "java"))
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
    void every_property_that_a_block_sets_is_one_that_exists() throws IOException {
        KnownProperties known = KnownProperties.ofClassPath();
        assertThat(pages.stream()
                        .flatMap(page -> page.blocks("properties", "yaml", "yml").stream()
                                .filter(block -> !block.marked())
                                .flatMap(block -> known.unknownIn(block).stream())
                                .map(key -> page.name() + " -> " + key)))
                .as("properties that neither the starters nor Spring Boot know")
                .isEmpty();
    }

    @Test
    void every_dependency_that_a_block_names_is_one_of_a_pom_here() throws IOException {
        SourceCode poms = SourceCode.of("pom.xml");
        assertThat(pages.stream()
                        .flatMap(page -> page.blocks("xml").stream()
                                .filter(block -> !block.marked())
                                .flatMap(block ->
                                        DEPENDENCY.matcher(block.code()).results())
                                .map(dependency -> dependency.group(1))
                                .filter(artifact -> !poms.has(artifact))
                                .map(artifact -> page.name() + " -> " + artifact)))
                .as("dependencies that no pom has")
                .isEmpty();
    }

    @Test
    void what_a_block_excludes_or_lets_a_plugin_do_stands_so_in_a_pom_here() throws IOException {
        SourceCode poms = SourceCode.of("pom.xml");
        assertThat(pages.stream()
                        .flatMap(page -> page.blocks("xml").stream()
                                .filter(block -> !block.marked())
                                .flatMap(block ->
                                        SETTING_OF_A_POM.matcher(block.code()).results())
                                .map(MatchResult::group)
                                .filter(setting -> !poms.has(setting))
                                .map(setting -> page.name() + " -> " + setting)))
                .as("exclusions and executions that no pom has")
                .isEmpty();
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

    private static Stream<String> missing(SourceCode code, String... languages) {
        return pages.stream()
                .flatMap(page -> page.blocks(languages).stream()
                        .filter(block -> !block.marked() && !code.has(block.code()))
                        .map(block -> page.name() + ":\n" + block.code()));
    }
}
