package io.amends.dashboard.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How old an answer may be, as a request says it. */
class SharingAdapterTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    max-age=0              | 0
                    max-age=17             | 17
                    no-store, max-age=5    | 5
                    Max-Age=5,no-transform | 5
                    """)
    void who_says_how_old_it_may_be_takes_such_an_answer(String header, long seconds) {
        assertThat(SharingAdapter.oldest(header)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "no-cache",
                "max-age",
                "max-age=",
                "max-age=-1",
                "max-age=soon",
                "max-age=1.5",
                "xmax-age=5",
                "max-age=9999999999"
            })
    void whoever_does_not_has_it_read(String header) {
        assertThat(SharingAdapter.oldest(header)).isEmpty();
    }
}
