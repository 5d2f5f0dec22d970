package io.amends.dashboard.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsoleRole;
import io.amends.dashboard.access.Rights;
import io.amends.dashboard.rest.SharingAdapter.Sight;
import io.amends.dashboard.tenants.TenantScope;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How old an answer may be, as a request says it, and whose answers are the same. */
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

    @Test
    void whoever_has_the_same_roles_rights_and_tenants_is_told_the_same_and_nobody_else() {
        Set<ConsoleRole> operators = Set.of(ConsoleRole.OPERATOR);
        Rights usual = Rights.of(operators);
        Rights noRetry = new Rights(usual.permissions(), Map.of("retry", false));
        TenantScope bonn = TenantScope.of("town", List.of("Bonn"));
        Sight known = Sight.of(new Caller("bea", "10.0.0.1", operators, usual, bonn));

        assertThat(Sight.of(new Caller("ben", null, operators, usual, TenantScope.of("town", List.of("Bonn")))))
                .isEqualTo(known);
        assertThat(Stream.of(
                                new Caller("bea", "10.0.0.1", Set.of(ConsoleRole.VIEWER), usual, bonn),
                                new Caller("bea", "10.0.0.1", operators, noRetry, bonn),
                                new Caller("bea", "10.0.0.1", operators, Rights.of(Set.of(ConsoleRole.ADMIN)), bonn),
                                new Caller("bea", "10.0.0.1", operators, usual, TenantScope.of("town", List.of())),
                                new Caller(
                                        "bea", "10.0.0.1", operators, usual, TenantScope.of("city", List.of("Bonn"))),
                                new Caller("bea", "10.0.0.1", operators, usual, TenantScope.ALL))
                        .map(Sight::of))
                .doesNotContain(known);
        assertThat(Stream.of(Caller.class.getRecordComponents()).map(RecordComponent::getName))
                .as("what else is told of a caller has to be a part of Sight, or may matter to no answer")
                .containsExactly("name", "address", "roles", "rights", "scope");
    }
}
