package io.amends.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tests that a page names, as {@code `SomeTest.some_method`}. */
final class NamedTests {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern NAMED = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    private final Map<String, String> sources;

    private NamedTests(Map<String, String> sources) {
        this.sources = sources;
    }

    static NamedTests ofAllModules() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return new NamedTests(modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(NamedTests::filesBelow)
                    .filter(file -> file.getFileName().toString().endsWith("Test.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            NamedTests::read,
                            String::concat,
                            TreeMap::new)));
        }
    }

    static List<MatchResult> in(String text) {
        return NAMED.matcher(text).results().toList();
    }

    boolean has(MatchResult named) {
        return sources.getOrDefault(named.group(1), "").contains("void " + named.group(2) + "(");
    }

    /** All of that test; empty if there is none. */
    String source(String test) {
        return sources.getOrDefault(test, "");
    }

    private static Stream<Path> filesBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList().stream();
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
