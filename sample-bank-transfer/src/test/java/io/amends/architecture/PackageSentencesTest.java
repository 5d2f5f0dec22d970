package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each package says in one sentence what it is for. ModuleArrowsTest sees that each is {@code @NullMarked}. */
class PackageSentencesTest {

    private static final Pattern COMMENT = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
    private static final Pattern END = Pattern.compile("[.!?](?=\\s|$)");

    @Test
    void each_package_of_the_repository_has_one_sentence() throws IOException {
        List<Path> wrong;
        try (Stream<Path> modules = Files.list(NamedTests.ROOT)) {
            wrong = modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(PackageSentencesTest::descriptionsBelow)
                    .filter(file -> !isOneSentence(read(file)))
                    .map(NamedTests.ROOT::relativize)
                    .toList();
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@NullMarked package one;",
                "/** */ package one;",
                "/** Without an end */ package one;",
                "/** One. And another one. */ package one;"
            })
    void none_and_two_are_noticed(String text) {
        assertThat(isOneSentence(text)).isFalse();
        assertThat(isOneSentence("/** One, with {@code saga.*} in it. */ package one;"))
                .isTrue();
    }

    private static boolean isOneSentence(String text) {
        Matcher comment = COMMENT.matcher(text);
        if (!comment.find()) {
            return false;
        }
        String words = comment.group(1).replaceAll("(?m)^\\s*\\* ?", " ").strip();
        Matcher end = END.matcher(words);
        return end.find() && end.end() == words.length();
    }

    private static Stream<Path> descriptionsBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith("package-info.java")).toList().stream();
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }
}
