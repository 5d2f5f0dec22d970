package io.amends.dashboard.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One sentence in several languages. */
class SentenceTest {

    @Test
    void it_is_told_in_each_language_with_the_same_inserted() {
        Sentence sentence =
                Sentence.of("Attempt %d of %d follows %s.", 2, 3, Sentence.of("in %s", Sentence.of("%d d", 4)));

        assertThat(sentence.english()).isEqualTo("Attempt 2 of 3 follows in 4 d.");
        assertThat(sentence.in(Language.ENGLISH)).isEqualTo(sentence.english());
        assertThat(sentence.in(Language.GERMAN)).isEqualTo("Versuch 2 von 3 folgt in 4 Tagen.");
    }

    @Test
    void what_others_said_is_told_as_they_said_it() {
        String said = "It is paused already. 100 %s %d %n <b>'%1$s'</b>";

        assertThat(Sentence.verbatim(said).in(Language.GERMAN)).isEqualTo(said);
        assertThat(Sentence.of("It says: %s.", said).in(Language.GERMAN)).isEqualTo("Da steht: %s.", said);
        assertThat(Sentence.verbatim(null).english()).isEmpty();
        assertThat(Sentence.of("'%s' is missing.", (Object) null).english()).isEqualTo("'null' is missing.");
    }

    @Test
    void sentences_stand_behind_each_other() {
        Sentence both = Sentence.of("It is not paused.").then(Sentence.verbatim("x"));

        assertThat(both.in(Language.GERMAN)).isEqualTo("Sie ist nicht angehalten. x");
        assertThat(Sentence.join("; ", List.of(both, both)).english())
                .isEqualTo("It is not paused. x; It is not paused. x");
        assertThat(Sentence.join(", ", List.of()).english()).isEmpty();
    }

    @Test
    void one_without_words_in_a_language_is_told_in_english() {
        assertThat(Sentence.of("Nobody wrote down what %s is.", "that").in(Language.GERMAN))
                .isEqualTo("Nobody wrote down what that is.");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            delimiter = '|',
            value = {
                "none                       | ENGLISH",
                "''                         | ENGLISH",
                "*                          | ENGLISH",
                "en                         | ENGLISH",
                "de                         | GERMAN",
                "de-CH                      | GERMAN",
                "DE                         | GERMAN",
                "fr                         | ENGLISH",
                "fr, de;q=0.5, en;q=0.3     | GERMAN",
                "de;q=0.3, en-GB;q=0.8      | ENGLISH",
                "de;q=eins                  | ENGLISH",
                "-                          | ENGLISH",
                "--                         | ENGLISH",
                "de,-                       | ENGLISH",
                ";;,,                       | ENGLISH"
            })
    void a_request_says_what_is_preferred(String header, Language language) {
        assertThat(Language.of(header)).isEqualTo(language);
    }

    @Test
    void a_header_that_is_too_long_for_any_browser_is_not_read() {
        assertThat(Language.of("de," + "*-".repeat(4_000) + "*")).isEqualTo(Language.ENGLISH);
    }

    @Test
    void the_machine_s_own_language_does_not_matter() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(Language.of(null)).isEqualTo(Language.ENGLISH);
            assertThat(Sentence.of("Attempt %d follows %s.", 12, "soon").english())
                    .isEqualTo("Attempt 12 follows soon.");
        } finally {
            Locale.setDefault(before);
        }
    }

    private static Object inserted(String place, int at) {
        return place.equals("d") ? Long.valueOf(at + 3) : "thing-" + at;
    }

    @Test
    void whatever_was_told_and_stored_in_english_is_told_in_german_again() {
        List<String> known = Language.GERMAN.catalogue().keySet().stream()
                .filter(words -> words.replaceAll("%[sd]", "").length() >= 12)
                .filter(words -> !words.contains("%s%s"))
                .toList();
        assertThat(known).hasSizeGreaterThan(200);

        for (String words : known) {
            List<String> places = Pattern.compile("%([sd])")
                    .matcher(words)
                    .results()
                    .map(each -> each.group(1))
                    .toList();
            Object[] things = IntStream.range(0, places.size())
                    .mapToObj(at -> inserted(places.get(at), at))
                    .toArray();
            String stored = String.format(Locale.ROOT, words, things);
            String german = String.format(Locale.ROOT, Language.GERMAN.words(words), things);

            assertThat(Sentence.recalled(stored).english()).isEqualTo(stored);
            assertThat(Sentence.recalled(stored).in(Language.GERMAN)).as(words).isEqualTo(german);
        }
    }

    @Test
    void sentences_that_stood_behind_each_other_or_in_each_other_are_recalled_as_such() {
        String inner = Sentence.of("There is no run %s.", "7").english();

        assertThat(Sentence.recalled("It is not paused. java.io.IOException: broken. It is not paused.")
                        .in(Language.GERMAN))
                .isEqualTo("Sie ist nicht angehalten. java.io.IOException: broken. Sie ist nicht angehalten.");
        assertThat(Sentence.recalled(inner + " Replace the headers too.").in(Language.GERMAN))
                .isEqualTo(Sentence.of("There is no run %s.", "7").in(Language.GERMAN) + " Ersetze auch die Header.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Somebody wrote this. 100 %s %d %n <b>'%1$s'</b>",
                "started",
                "Position four waits behind position five of its key. Decide about that one.",
                "Position 4 waits behind position",
                "Position 007 waits behind position -0 of its key. Decide about that one.",
                "A. B: C; D. E.  F. G. H. I. J. K. L. M."
            })
    void what_nobody_told_as_a_sentence_is_told_as_it_is_stored(String stored) {
        assertThat(Sentence.recalled(stored).in(Language.GERMAN)).isEqualTo(stored);
        assertThat(Sentence.recalled(stored).english()).isEqualTo(stored);
    }

    @Test
    void a_text_that_is_not_there_or_too_long_for_a_sentence_is_left_alone() {
        String longest = "It is not paused. ".repeat(1_000);

        assertThat(Sentence.recalled(longest).in(Language.GERMAN)).isEqualTo(longest);
        assertThat(Sentence.recalled(null).english()).isEmpty();
    }
}
