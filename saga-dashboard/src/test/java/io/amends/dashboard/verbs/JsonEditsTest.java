package io.amends.dashboard.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.access.Masking;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What an edit of JSON changes, and what its asterisks stand for. */
class JsonEditsTest {

    private final Masking masking = new Masking(List.of("pin", "card"), List.of());
    private final List<String> unknown = new ArrayList<>();

    private String stored(String edited, String stored) {
        JsonNode shown = JsonEdits.read(masking.text(stored));
        return JsonEdits.text(JsonEdits.unmasked(JsonEdits.read(edited), shown, JsonEdits.read(stored), unknown));
    }

    private static List<String> changes(Masking masking, String before, String after) {
        return JsonEdits.changes(
                        JsonEdits.read(before),
                        JsonEdits.read(after),
                        JsonEdits.read(masking.text(before)),
                        JsonEdits.read(masking.text(after)))
                .stream()
                .map(change -> "%s %s %s".formatted(change.at(), change.before(), change.after()))
                .toList();
    }

    @Test
    void what_was_shown_masked_stays_what_is_stored() {
        assertThat(stored("""
                        {"name":"bob","pin":"***","card":"***","lines":[{"pin":"***"},{"pin":9}],"note":"paid with pin=***"}""", """
                        {"name":"ann","pin":1234,"card":{"no":"4"},"lines":[{"pin":7},{"pin":8}],"note":"paid with pin=55"}""")).isEqualTo("""
                        {"name":"bob","pin":1234,"card":{"no":"4"},"lines":[{"pin":7},{"pin":9}],"note":"paid with pin=55"}""");
        assertThat(unknown).isEmpty();
    }

    @Test
    void asterisks_that_stand_for_nothing_are_found() {
        stored("{\"name\":\"***\",\"pin\":\"*** or so\",\"more\":\"***\",\"stars\":\"***\"}", """
                {"name":"ann","pin":1234,"stars":"***"}""");
        assertThat(unknown).containsExactly("/name", "/pin", "/more");
        unknown.clear();

        stored("{\"lines\":[{\"pin\":\"***\"}]}", "{\"lines\":[{\"pin\":1},{\"pin\":2}]}");
        assertThat(unknown).as("which of them is it").containsExactly("/lines/0/pin");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "swapped                     | [{`n`:`bob`,`pin`:`***`},{`n`:`ann`,`pin`:`***`},{`n`:`cyd`,`pin`:`***`}]",
                "moved and one given anew    | [{`n`:`bob`,`pin`:`***`},{`n`:`ann`,`pin`:5},{`n`:`cyd`,`pin`:`***`}]",
                "one in the place of another | [{`n`:`bob`,`pin`:`***`},{`n`:`bob`,`pin`:`***`},{`n`:`cyd`,`pin`:`***`}]",
                "the first one removed       | [{`n`:`bob`,`pin`:`***`},{`n`:`cyd`,`pin`:`***`}]",
                "one added in front          | [{`n`:`new`},{`n`:`ann`,`pin`:`***`},{`n`:`bob`,`pin`:`***`},{`n`:`cyd`,`pin`:`***`}]",
                "two renamed                 | [{`n`:`ANN`,`pin`:`***`},{`n`:`BOB`,`pin`:`***`},{`n`:`cyd`,`pin`:`***`}]"
            })
    void a_secret_in_a_list_is_not_kept_where_nobody_knows_whose_it_is(String what, String edited) {
        String people = "{\"people\":[{\"n\":\"ann\",\"pin\":1},{\"n\":\"bob\",\"pin\":2},{\"n\":\"cyd\",\"pin\":3}]}";

        String result = stored("{\"people\":%s}".formatted(edited.replace('`', '"')), people);

        assertThat(unknown).as(what).isNotEmpty().allMatch(at -> at.endsWith("/pin"));
        assertThat(result).as(what).doesNotContain("\"bob\",\"pin\":1", "\"ann\",\"pin\":2", "\"BOB\",\"pin\":2");
    }

    @Test
    void in_a_list_one_element_can_be_changed_around_its_secret_and_others_given_anew() {
        String people = "{\"people\":[{\"n\":\"ann\",\"pin\":1},{\"n\":\"bob\",\"pin\":2}],\"tags\":[\"x\",\"y\"]}";

        assertThat(stored(
                        "{\"people\":[{\"n\":\"Ann\",\"pin\":\"***\"},{\"n\":\"bob\",\"pin\":\"***\"}],\"tags\":[\"y\"]}",
                        people))
                .isEqualTo("{\"people\":[{\"n\":\"Ann\",\"pin\":1},{\"n\":\"bob\",\"pin\":2}],\"tags\":[\"y\"]}");
        assertThat(stored("{\"people\":[{\"n\":\"bob\",\"pin\":2},{\"n\":\"ann\",\"pin\":1}],\"tags\":[]}", people))
                .isEqualTo("{\"people\":[{\"n\":\"bob\",\"pin\":2},{\"n\":\"ann\",\"pin\":1}],\"tags\":[]}");
        assertThat(unknown).isEmpty();
    }

    @Test
    void no_digit_is_lost() {
        String exact = "{\"amount\":120.50,\"id\":12345678901234567890,\"rate\":0.12345678901234567890123}";

        assertThat(stored(exact, "{}")).isEqualTo(exact);
        assertThat(masking.text(exact.replace("}", ",\"pin\":1}"))).startsWith(exact.substring(0, exact.length() - 1));
    }

    @Test
    void what_differs_is_told_place_by_place_and_masked() {
        assertThat(changes(
                        masking,
                        "{\"a\":1,\"b\":{\"c\":[1,2]},\"pin\":1,\"card\":{\"no\":\"4\"},\"d\":null}",
                        "{\"a\":1,\"b\":{\"c\":[1,3,4]},\"pin\":2,\"card\":{\"no\":\"5\"},\"e\":{}}"))
                .containsExactly(
                        "/b/c/1 2 3",
                        "/pin \"***\" \"***\"",
                        "/card/no \"***\" \"***\"",
                        "/d null null",
                        "/b/c/2 null 4",
                        "/e null {}");
    }

    @Test
    void what_is_not_there_when_it_was_read_is_lost() {
        assertThat(JsonEdits.lost(
                        JsonEdits.read("{\"a\":1,\"colour\":\"red\",\"b\":{\"x\":[1]},\"gone\":null}"),
                        JsonEdits.read("{\"a\":2,\"b\":{\"x\":[1]},\"more\":3}")))
                .containsExactly("/colour");
    }
}
