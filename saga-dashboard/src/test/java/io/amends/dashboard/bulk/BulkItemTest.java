package io.amends.dashboard.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.language.Language;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One saga's part of a run, as people read it. */
class BulkItemTest {

    private static BulkItem item(@Nullable String detail) {
        return new BulkItem(new UUID(0, 1), 1, ItemState.REFUSED, 7L, detail, null);
    }

    @Test
    void what_the_console_said_of_it_is_told_in_the_reader_s_language_and_what_an_exception_said_as_it_was_said() {
        assertThat(item("It is not paused.").in(Language.GERMAN)).isEqualTo(item("Sie ist nicht angehalten."));
        assertThat(item("It is not paused.").in(Language.ENGLISH)).isEqualTo(item("It is not paused."));
        assertThat(item("IOException: no route").in(Language.GERMAN)).isEqualTo(item("IOException: no route"));
        assertThat(item(null).in(Language.GERMAN)).isEqualTo(item(null));
    }
}
