package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README says about the code is there; see {@link DocsTest} too. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private final String readme = read(ROOT.resolve("README.md"));

    @Test
    void every_test_that_it_names_exists() {
        assertThat(found("`(\\w+Test)`")).isNotEmpty().isSubsetOf(testClasses());
    }

    @Test
    void every_property_that_it_names_exists() throws IOException {
        assertThat(found("`(saga\\.[a-z.-]+[a-z])"))
                .isNotEmpty()
                .isSubsetOf(KnownProperties.ofClassPath().ofSagas());
    }

    @Test
    void its_test_command_is_what_the_build_server_runs() {
        List<String> lines = read(ROOT.resolve(".ci/run")).lines().toList();
        assertThat(lines.get(lines.size() - 1))
                .startsWith("mvn ")
                .satisfies(command -> assertThat(readme).contains("```sh\n" + command + "\n```"));
    }

    private Set<String> found(String pattern) {
        return Pattern.compile(pattern)
                .matcher(readme)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> testClasses() {
        try (Stream<Path> modules = Files.list(ROOT)) {
            Set<String> names = new TreeSet<>();
            for (Path tests : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(tests)) {
                    files.map(file -> file.getFileName().toString())
                            .filter(file -> file.endsWith("Test.java"))
                            .forEach(file -> names.add(file.substring(0, file.length() - ".java".length())));
                }
            }
            return names;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
