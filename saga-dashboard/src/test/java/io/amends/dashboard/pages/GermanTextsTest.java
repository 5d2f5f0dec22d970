package io.amends.dashboard.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages say themselves has German words: a text that somebody adds needs some in {@code languages/de.js}. */
class GermanTextsTest {

    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*//.*$|(?s:/\\*\\*.*?\\*/)|^import .*$");
    private static final Pattern CLASS_NAMES = Pattern.compile("class: '[^']*'");
    private static final Pattern LITERAL = Pattern.compile("'((?:[^'\\\\\\n]|\\\\.)*)'|`((?:[^`\\\\]|\\\\.)*)`");
    private static final Pattern INSERTED = Pattern.compile("\\$\\{(?:[^{}]|\\{[^{}]*})*}");
    private static final Pattern SAID = Pattern.compile("[a-z]{3,} [a-z]{2,}");
    private static final Pattern FILTER = Pattern.compile("[a-z]:[a-z\"]");
    private static final Pattern NAMED = Pattern.compile("\\b(?:label|submit): '((?:[^'\\\\\\n]|\\\\.)*)'");

    private final List<Path> files = files();
    private final Set<String> german = german(read("languages/de.js"));
    private final Set<String> classes = files.stream()
            .filter(file -> file.toString().endsWith(".css"))
            .flatMap(file -> found(Pattern.compile("\\.([a-z][\\w-]*)"), text(file)))
            .collect(Collectors.toCollection(TreeSet::new));

    private static List<Path> files() {
        try (Stream<Path> all = Files.walk(
                Path.of(Objects.requireNonNull(PageFile.class.getResource("/io/amends/dashboard/pages/assets"))
                        .toURI()))) {
            return all.filter(Files::isRegularFile).toList();
        } catch (IOException | URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String read(String name) {
        return files.stream()
                .filter(file -> file.endsWith(name))
                .map(GermanTextsTest::text)
                .findFirst()
                .orElseThrow();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Stream<String> found(Pattern pattern, String in) {
        return pattern.matcher(in).results().map(match -> match.group(1));
    }

    private static String unquoted(String literal) {
        return literal.replace("\\'", "'").replace("\\\\", "\\");
    }

    /** What the catalogue has; the English stands before the colon. */
    private static Set<String> german(String catalogue) {
        return found(Pattern.compile("'((?:[^'\\\\]|\\\\.)*)'\\s*:\\s*'"), catalogue)
                .map(GermanTextsTest::unquoted)
                .collect(Collectors.toSet());
    }

    /** Of several words, so that they are meant for people; what is inserted is left out, as the catalogue has it. */
    private static Set<String> texts(String script) {
        String code =
                CLASS_NAMES.matcher(COMMENT.matcher(script).replaceAll("")).replaceAll("");
        Set<String> all = new TreeSet<>();
        Matcher literal = LITERAL.matcher(code);
        while (literal.find()) {
            String text = literal.group(1) != null
                    ? literal.group(1)
                    : INSERTED.matcher(literal.group(2)).replaceAll("{}").replace("{}{}", "{}");
            if (SAID.matcher(text).find()) {
                all.add(unquoted(text).strip());
            }
        }
        found(NAMED, code).map(GermanTextsTest::unquoted).forEach(all::add);
        return all;
    }

    /** Words of a number, as {@code plural} has them, stand behind it. */
    private boolean isGerman(String text) {
        return german.contains(text)
                || german.contains("{} " + text)
                || (text.endsWith(" …") && isGerman(text.substring(0, text.length() - 2)));
    }

    private boolean isForPeople(String text) {
        boolean isStyle = Stream.of(text.split(" "))
                .allMatch(word -> classes.contains(word)
                        || Set.of("{}", "noreferrer", "noopener").contains(word));
        return !isStyle && !FILTER.matcher(text).find();
    }

    @Test
    void every_text_of_the_pages_has_german_words() {
        TreeMap<String, Set<String>> missing = new TreeMap<>();
        for (Path file : files) {
            if (file.toString().endsWith(".js") && !file.toString().contains("languages")) {
                Set<String> unknown = texts(text(file)).stream()
                        .filter(this::isForPeople)
                        .filter(Predicate.not(this::isGerman))
                        .collect(Collectors.toCollection(TreeSet::new));
                if (!unknown.isEmpty()) {
                    missing.put(String.valueOf(file.getFileName()), unknown);
                }
            }
        }

        assertThat(missing)
                .as("texts without German words: write them into assets/languages/de.js")
                .isEmpty();
    }

    @Test
    void a_text_that_is_added_would_be_found() {
        assertThat(
                        texts(
                                "h('p', { class: 'some thing' }, 'Nobody said this before.', `Nothing ${a}${b({ c })} like this …`)"))
                .containsExactly("Nobody said this before.", "Nothing {} like this …")
                .noneMatch(this::isGerman);
    }
}
