package io.amends.dashboard.language;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.stuck.StuckReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the server says has German words: a sentence that somebody adds needs some in {@code language/de.json}. */
class GermanSentencesTest {

    private static final Pattern SENTENCE =
            Pattern.compile("Sentence\\s*\\.of\\(\\s*+(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+))");
    private static final Pattern PLACE = Pattern.compile("%(?:\\d\\$)?[sd]");
    private static final Pattern WORD = Pattern.compile("[A-Za-z]{2}");

    private static final Set<String> REASONS = Stream.of(StuckReason.values())
            .flatMap(reason -> Stream.of(reason.sentence(), reason.action()))
            .collect(Collectors.toSet());

    /** What the outbox says of an order comes through the console, which finds its words again. */
    private static final Path OUTBOX =
            Path.of("../saga-outbox/src/main/java/io/amends/outbox/operations/OutboxOperations.java");

    private static final Pattern RESULT =
            Pattern.compile("new VerbResult\\(\\s*(?:Outcome\\.)?\\w+,\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String code() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("src/main/java"))) {
            return all.filter(file -> file.toString().endsWith(".java"))
                            .map(GermanSentencesTest::text)
                            .collect(Collectors.joining("\n"))
                    + outbox();
        }
    }

    private static String outbox() {
        return RESULT.matcher(text(OUTBOX))
                .results()
                .map(found -> "\nSentence.of(\"" + found.group(1) + "\"")
                .collect(Collectors.joining());
    }

    /** What needs words: signs and what is inserted are the same in all languages. */
    private static Set<String> sentences(String code) {
        return SENTENCE.matcher(code)
                .results()
                .map(found -> found.group(1))
                .filter(sentence -> sentence != null
                        && WORD.matcher(PLACE.matcher(sentence).replaceAll("")).find())
                .map(sentence -> sentence.replace("\\\"", "\""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> places(String sentence) {
        return PLACE.matcher(sentence).results().map(place -> place.group()).toList();
    }

    /** In the order of what is inserted, each of them once. */
    private static boolean areSame(List<String> english, List<String> other) {
        boolean isNumbered = other.stream().allMatch(place -> place.contains("$"));
        return isNumbered
                ? other.stream()
                        .sorted()
                        .map(place -> place.replaceFirst("\\d\\$", ""))
                        .toList()
                        .equals(english)
                : other.equals(english);
    }

    @Test
    void every_sentence_has_german_words() throws IOException {
        Set<String> missing = sentences(code());
        missing.addAll(REASONS);
        assertThat(missing).hasSizeGreaterThan(200);
        missing.removeAll(Language.GERMAN.catalogue().keySet());

        assertThat(missing)
                .as("sentences without German words: write them into language/de.json")
                .isEmpty();
    }

    @Test
    void words_of_a_sentence_that_nobody_says_any_more_are_taken_out() throws IOException {
        Set<String> known = new TreeSet<>(Language.GERMAN.catalogue().keySet());
        known.removeAll(sentences(code()));
        known.removeAll(REASONS);

        assertThat(known).containsExactly("%d d");
    }

    @Test
    void what_is_inserted_has_the_same_places_in_both() {
        Language.GERMAN
                .catalogue()
                .forEach((english, german) -> assertThat(areSame(places(english), places(german)))
                        .as("%s: %s", english, german)
                        .isTrue());
    }

    @Test
    void sentences_stand_where_the_test_finds_them() throws IOException {
        Matcher all = SENTENCE.matcher(code());

        assertThat(all.results().map(found -> found.group(2)).filter(other -> other != null))
                .as("sentences that are no literals: of those nobody sees whether they have German words")
                .containsExactlyInAnyOrder("english).in(this);", "reason.sentence());");
    }

    @Test
    void a_sentence_that_is_added_would_be_found() {
        assertThat(sentences("Sentence.of(\"Nobody said \\\"this\\\" of %s.\", a); Sentence.of(\n  \"%s: %s\", a, b)"))
                .containsExactly("Nobody said \"this\" of %s.")
                .doesNotContainAnyElementsOf(Language.GERMAN.catalogue().keySet());
        assertThat(areSame(List.of("%s", "%d"), List.of("%2$d", "%1$s"))).isTrue();
        assertThat(areSame(List.of("%s", "%d"), List.of("%d", "%s"))).isFalse();
        assertThat(areSame(List.of("%s"), List.of())).isFalse();
    }
}
