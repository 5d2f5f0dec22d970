package io.amends.outbox.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.amends.outbox.TestDatabase;
import java.sql.SQLException;
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
    void a_kind_names_classes_and_places_of_an_exception_and_its_causes_and_none_of_its_words() {
        Exception cause = new SQLException("secret", "40001");
        Exception thrown = new IllegalStateException("secret", cause);

        assertThat(ErrorText.kind(thrown))
                .matches("java.lang.IllegalStateException at io.amends.outbox.failure.ErrorTextTest.*"
                        + ", caused by java.sql.SQLException 40001 at io.amends.outbox.failure.ErrorTextTest.*")
                .doesNotContain("secret");
    }

    @Test
    void a_kind_ends_also_where_exceptions_cause_each_other() {
        Exception one = new IllegalStateException();
        Exception other = new IllegalStateException(one);
        one.initCause(other);

        assertThat(ErrorText.kind(one).split("caused by", -1)).hasSize(5);
    }

    @Test
    void it_fits_into_a_column() {
        assertThat(ErrorText.of(new IllegalStateException("a\0b" + "x".repeat(5000))))
                .hasSize(2000)
                .startsWith("java.lang.IllegalStateException: abxxx");
    }
}
