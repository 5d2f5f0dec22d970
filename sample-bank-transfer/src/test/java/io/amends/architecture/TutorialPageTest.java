package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/tutorial.md shows the files of sample-order; {@code -Damends.docs.write=true} puts them in anew. */
class TutorialPageTest {

    private static final Path PAGE = NamedTests.ROOT.resolve("docs/tutorial.md");
    private static final Path SAMPLE = NamedTests.ROOT.resolve("sample-order");
    private static final Pattern FILE =
            Pattern.compile("(<!-- file: (\\S+) -->\\n)(.*?)(<!-- end -->\\n)", Pattern.DOTALL);
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>\\s*(?:<!--[^-]*-->\\s*)?<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>(?:\\s*<version>[^<]+</version>)?\\s*(<scope>test</scope>)?");

    @Test
    void every_file_that_it_shows_is_the_sample_s() throws IOException {
        String expected = FILE.matcher(Files.readString(PAGE)).replaceAll(block -> {
            String text = shown(NamedTests.ROOT.resolve(block.group(2)));
            return (block.group(1) + text + block.group(4))
                    .replace("\\", "\\\\")
                    .replace("$", "\\$");
        });
        if (Boolean.getBoolean("amends.docs.write")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.readString(PAGE))
                .as(
                        "docs/tutorial.md is not as sample-order is. Put its files in anew:%n  mvn -q -pl sample-bank-transfer -am"
                                + " verify -Dtest=TutorialPageTest -Dsurefire.failIfNoSpecifiedTests=false -Damends.docs.write=true")
                .isEqualTo(expected);
    }

    @Test
    void it_shows_all_that_the_sample_is_made_of() throws IOException {
        Set<String> shown = FILE.matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
        try (Stream<Path> files = Files.walk(SAMPLE.resolve("src"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .filter(file -> !file.endsWith("package-info.java"))
                            // Of docs/guides/native-image.md.
                            .filter(file -> !file.endsWith("AheadOfTimeJarTest.java"))
                            .map(file -> NamedTests.ROOT.relativize(file).toString()))
                    .containsExactlyInAnyOrderElementsOf(shown);
        }
    }

    @Test
    void its_pom_has_the_dependencies_of_the_sample() throws IOException {
        String page = Files.readString(PAGE);
        int from = page.indexOf("<!-- TutorialPageTest compares the dependencies -->");
        Set<String> shown = dependencies(page.substring(from, page.indexOf("</project>", from)));
        assertThat(shown).isNotEmpty();
        String ofContainers = between(page, "<!-- TutorialPageTest compares these too -->\n", "\n\n");
        assertThat(Files.readString(NamedTests.ROOT.resolve("docs/testing.md"))).contains(ofContainers);
        shown.addAll(dependencies(ofContainers));
        assertThat(shown).isEqualTo(dependencies(Files.readString(SAMPLE.resolve("pom.xml"))));
        String root = Files.readString(NamedTests.ROOT.resolve("pom.xml"));
        assertThat(page)
                .contains("<version>" + between(root, "<spring-boot.version>", "<") + "</version>")
                .contains("<version>" + between(root, "<artifactId>amends</artifactId>\n  <version>", "<")
                        + "</version>");
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static Set<String> dependencies(String pom) {
        return DEPENDENCY
                .matcher(pom)
                .results()
                .map((MatchResult one) -> one.group(1) + ":" + one.group(2) + (one.group(3) == null ? "" : " (test)"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String shown(Path file) {
        try {
            String name = file.getFileName().toString();
            return "```%s\n%s\n```\n"
                    .formatted(
                            name.substring(name.lastIndexOf('.') + 1),
                            Files.readString(file).strip());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
