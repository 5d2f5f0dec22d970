package io.amends.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not shown. */
class MaskingTest {

    private final Masking masking = new Masking(List.of("password", "card", "customer.email"), Set.of("note"));

    @Test
    void a_name_means_every_field_that_has_its_words() {
        assertThat(
                        masking.text(
                                "{\"cardNumber\":1,\"credit_card\":\"x\",\"CARD-NO\":[1],\"discard\":true,\"postcard\":2,\"userPassword\":null}"))
                .isEqualTo(
                        "{\"cardNumber\":\"***\",\"credit_card\":\"***\",\"CARD-NO\":\"***\",\"discard\":true,\"postcard\":2,\"userPassword\":null}");
    }

    @Test
    void a_path_means_the_last_parts_of_the_place() {
        assertThat(masking.text(
                        "{\"order\":{\"customer\":{\"email\":\"a\",\"name\":\"b\"}},\"shop\":{\"email\":\"c\"}}"))
                .isEqualTo("{\"order\":{\"customer\":{\"email\":\"***\",\"name\":\"b\"}},\"shop\":{\"email\":\"c\"}}");
    }

    @Test
    void what_is_annotated_is_masked_by_its_very_name_at_any_depth() {
        assertThat(masking.text("[{\"a\":[{\"note\":{\"b\":1},\"notes\":2}]}]"))
                .isEqualTo("[{\"a\":[{\"note\":\"***\",\"notes\":2}]}]");
    }

    @Test
    void json_inside_of_a_text_is_masked_too() {
        assertThat(masking.text("{\"result\":\"{\\\"note\\\":\\\"x\\\"}\"}")).doesNotContain("x\\");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password=s3cret",
                "Login failed: password: s3cret, try again",
                "Account[id=7, password=s3cret]",
                "Card[owner=Ann, card=Number[first=4, rest=s3cret], x=1]",
                "{\"password\": \"a \\\" s3cret\", broken",
                "text with {\\\"password\\\":\\\"s3cret\\\"} in it",
                "user.password='s3cret'",
                "password=\"never closed s3cret",
                "card 4111 1111 1111 1111 password=s3cret",
            })
    void in_other_text_a_value_behind_such_a_name_is_masked(String text) {
        assertThat(masking.text(text)).doesNotContain("s3cret").contains(Masking.MASK);
    }

    @Test
    void a_value_of_several_words_is_masked_up_to_where_the_next_thing_begins() {
        Masking words = new Masking(List.of("authorization", "iban", "passphrase"), Set.of());
        assertThat(words.text("Authorization: Bearer eyJhbGciOi.x was sent\nto the bank"))
                .isEqualTo("Authorization: ***\nto the bank");
        assertThat(words.text("iban=DE89 3704 0044 0532 0130 00 amount=5")).isEqualTo("iban=*** amount=5");
        assertThat(words.text("Login[passphrase=correct horse battery, x=1]")).isEqualTo("Login[passphrase=***, x=1]");
    }

    @Test
    void a_payment_cards_number_is_masked_and_other_numbers_are_not() {
        assertThat(masking.text("card 4111-1111-1111-1111 refused, 4111111111111111 too"))
                .isEqualTo("card *** refused, *** too");
        assertThat(masking.text("order 4111111111111112 of 2026-01-31 00:00:00"))
                .isEqualTo("order 4111111111111112 of 2026-01-31 00:00:00");
        assertThat(masking.text("0198c5a0-1111-7000-8000-012345678901"))
                .isEqualTo("0198c5a0-1111-7000-8000-012345678901");
    }

    @Test
    void text_that_has_nothing_of_that_stays_as_it_is() {
        assertThat(masking.text("Step 'charge' was sent to 'till', 2 times. Attempt 3 of 5 follows in 12 s."))
                .isEqualTo("Step 'charge' was sent to 'till', 2 times. Attempt 3 of 5 follows in 12 s.");
    }

    @Test
    void data_that_nobody_here_knows_is_masked_altogether() {
        assertThat(masking.everything("{\"a\":1,\"b\":[true,null,{\"c\":\"d\"}]}"))
                .isEqualTo("{\"a\":\"***\",\"b\":[\"***\",null,{\"c\":\"***\"}]}");
        assertThat(masking.everything("not json")).isEqualTo(Masking.MASK);
    }

    @Test
    void a_mebibyte_is_masked_in_a_moment_however_it_is_made() {
        for (String part : List.of("a", "a.", "password=", "\"", "[", "{\"a\":", "card: (", "4")) {
            String text = part.repeat(1_048_576 / part.length());
            long start = System.nanoTime();
            masking.text(text);
            assertThat(System.nanoTime() - start).as(part).isLessThan(5_000_000_000L);
        }
    }
}
