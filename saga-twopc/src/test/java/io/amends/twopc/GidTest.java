package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GidTest {

    private static final TransactionId ID = new TransactionId(UUID.fromString("0193f0aa-0000-7000-8000-00000000002a"));

    @Test
    void a_name_is_read_as_it_was_written() {
        Gid gid = new Gid("shop", "node-1", ID, "bank_a.eu");

        assertThat(gid.text()).isEqualTo("amends:shop:node-1:0193f0aa00007000800000000000002a:bank_a.eu");
        assertThat(Gid.parse(gid.text(), "shop")).contains(gid);
    }

    @Test
    void a_name_of_another_installation_is_not_ours() {
        assertThat(Gid.parse(new Gid("shop2", "node-1", ID, "a").text(), "shop"))
                .isEmpty();
        assertThat(Gid.prefix("shop")).isEqualTo("amends:shop:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "amends",
                "131077_AAAAAAAA_BBBB",
                "amends:shop:node-1:0193f0aa:a",
                "amends:shop:node-1:0193F0AA00007000800000000000002A:a",
                "amends:shop:node-1:0193f0aa00007000800000000000002a:",
                "amends:shop:node-1:0193f0aa00007000800000000000002a:a:b",
                "amends:shop:no'de:0193f0aa00007000800000000000002a:a",
                "amends:shop::0193f0aa00007000800000000000002a:a"
            })
    void what_another_transaction_manager_wrote_is_not_read(String text) {
        assertThat(Gid.parse(text)).isEmpty();
    }

    @Test
    void a_name_that_is_too_long_for_postgresql_or_would_need_quotes_is_refused() {
        assertThat(new Gid("i", "c", ID, "b".repeat(199 - 44)).text()).hasSize(199);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Gid("i", "c", ID, "b".repeat(200 - 44)))
                .withMessageContaining("200 characters")
                .withMessageContaining("Shorten");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Gid("i", "c", ID, "it's"))
                .withMessageContaining("it's");
    }
}
