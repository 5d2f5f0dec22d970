package io.amends.outbox.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.amends.outbox.TestDatabase;
import org.junit.jupiter.api.Test;

class ErrorTextTest {

    @Test
    void values_that_postgresql_quotes_are_left_out() {
        try (TestDatabase database = TestDatabase.empty()) {
            database.jdbc().execute("create table member (name text primary key)");
            database.jdbc().update("insert into member values ('unicorn')");
            Throwable refused =
                    catchThrowable(() -> database.jdbc().update("insert into member values (?)", "unicorn"));

            assertThat(refused).hasMessageContaining("unicorn");
            assertThat(ErrorText.of(refused))
                    .contains("duplicate key", "member_pkey")
                    .doesNotContain("unicorn");
        }
    }

    @Test
    void it_fits_into_a_column() {
        assertThat(ErrorText.of(new IllegalStateException("a\0b" + "x".repeat(5000))))
                .hasSize(2000)
                .startsWith("java.lang.IllegalStateException: abxxx");
    }
}
