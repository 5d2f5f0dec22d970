package io.amends.dashboard.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.stuck.AgeBucket;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.dashboard.tenants.TenantScope;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTextTest {

    private static final UUID ID = UUID.fromString("0198c5a0-1111-7000-8000-0123456789ab");

    private static List<Term> terms(String text) {
        return SagaFilter.parse(text).terms();
    }

    @Test
    void every_condition_is_understood() {
        assertThat(
                        terms(
                                "saga:money-transfer version:2 phase:stuck reason:retries-exhausted at:reserve-funds participant:bank-a attr.customer:42"))
                .containsExactly(
                        new Term.Name("money-transfer"),
                        new Term.Version(2),
                        new Term.Phase(SagaPhase.STUCK),
                        new Term.Reason(StuckReason.RETRIES_EXHAUSTED),
                        new Term.At("reserve-funds"),
                        new Term.Asked("bank-a"),
                        new Term.Attribute("customer", "42"));
        assertThat(terms("id:" + ID + " message:" + ID + " error:\"timed out\" group:0123456789abcdef older:90m"))
                .containsExactly(
                        new Term.Id(ID),
                        new Term.Message(ID),
                        new Term.ErrorText("timed out"),
                        new Term.Group("0123456789abcdef"),
                        new Term.Older(Duration.ofMinutes(90)));
        assertThat(terms("stuck:any stuck:day stuck:LONGER"))
                .containsExactly(new Term.Stuck(null), new Term.Stuck(AgeBucket.DAY), new Term.Stuck(AgeBucket.LONGER));
        assertThat(terms("created>2026-01-31 created<2026-01-31T12:00:00Z"))
                .containsExactly(
                        new Term.StartedFrom(Instant.parse("2026-01-31T00:00:00Z")),
                        new Term.StartedBefore(Instant.parse("2026-01-31T12:00:00Z")));
    }

    @Test
    void a_tenant_is_short_for_the_attribute_that_holds_it() {
        assertThat(SagaFilter.parse("tenant:\"Bad Ems\" node:shop-1", "town").terms())
                .containsExactly(new Term.Attribute("town", "Bad Ems"), new Term.Node("shop-1"));
        assertThatThrownBy(() -> SagaFilter.parse("tenant:Bonn"))
                .hasMessageContaining("tenant:Bonn can't be asked here");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phase:STUCK | phase:STUCK attr.town:Bonn attr.town:Kiel",
                "attr.town:Kiel | attr.town:Kiel",
                "attr.town:Kiel attr.town:Ulm | attr.town:Kiel",
                "attr.town:Ulm |",
                "attr.towns:Ulm | attr.towns:Ulm attr.town:Bonn attr.town:Kiel",
                "old attr.town:Bonn attr.x:y | key:old attr.x:y attr.town:Bonn"
            })
    void within_tenants_a_filter_is_for_those_alone_whatever_it_asks_for(String text, String within) {
        TenantScope scope = TenantScope.of("town", List.of("Kiel", "Bonn"));

        assertThat(SagaFilter.parse(text).within(scope).map(SagaFilter::text).orElse(null))
                .isEqualTo(within);
        assertThat(SagaFilter.parse(text).within(TenantScope.ALL)).contains(SagaFilter.parse(text));
        assertThat(SagaFilter.parse(text).within(TenantScope.of("town", List.of())))
                .isEmpty();
        assertThat(SagaFilter.parse(text).within(scope).stream()).allMatch(narrow -> narrow.isWithin(scope));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bad Ems",
                "Bad\u2003Ems",
                "Bad\u001fEms",
                "Bad\u2028Ems",
                "B\"n",
                "B\\",
                "\"",
                " Bonn",
                "a:b",
                "\u00a0"
            })
    void the_text_of_a_tenants_filter_is_read_as_the_same_tenant_whatever_its_name(String tenant) {
        SagaFilter theirs =
                SagaFilter.ALL.within(TenantScope.of("town", List.of(tenant))).orElseThrow();

        assertThat(SagaFilter.parse(theirs.text())).isEqualTo(theirs);
    }

    @Test
    void a_filter_is_within_tenants_if_it_names_some_and_no_others() {
        TenantScope scope = TenantScope.of("town", List.of("Kiel", "Bonn"));

        assertThat(SagaFilter.parse("attr.town:Kiel").isWithin(scope)).isTrue();
        assertThat(SagaFilter.parse("attr.town:Kiel attr.town:Ulm").isWithin(scope))
                .isFalse();
        assertThat(SagaFilter.parse("phase:STUCK").isWithin(scope)).isFalse();
        assertThat(SagaFilter.ALL.isWithin(TenantScope.of("town", List.of()))).isFalse();
        assertThat(SagaFilter.ALL.isWithin(TenantScope.ALL)).isTrue();
    }

    @Test
    void a_bare_word_is_an_id_or_a_business_key() {
        assertThat(terms("  " + ID.toString().toUpperCase(java.util.Locale.ROOT) + "  A-17 \"two words\" \"a:b\" "))
                .containsExactly(
                        new Term.AnyId(ID), new Term.Key("A-17"), new Term.Key("two words"), new Term.Key("a:b"));
        assertThat(SagaFilter.parse(" ")).isEqualTo(SagaFilter.ALL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "order:7 | There is no condition 'order'. There are: key, saga",
                "phase:DONE | There is no phase 'DONE'. There are: RUNNING, COMPENSATING",
                "reason:x | There are: COMPENSATION_FAILED",
                "version:two | version:two is not a number",
                "version:99999999999 | is not a number",
                "id:7 | id:7 is not an id such as",
                "older:5x | not a time such as 30s, 5m",
                "stuck:5m | write stuck:any, or one of [MINUTES, HOUR, DAY, LONGER]",
                "created:2026 | Write created>2026-01-31",
                "created>yesterday | is not a time in UTC",
                "created>+999999999-01-01T00:00:00Z | is not a time in UTC",
                "key>7 | only created takes < and >",
                "key: | key: has no value",
                "\"\" | nothing between them",
                "key:\"x | A quotation mark has no second one",
                "group:x | group:x is not a group's id"
            })
    void what_is_wrong_is_told_with_what_would_be_right(String text, String problem) {
        assertThatThrownBy(() -> SagaFilter.parse(text))
                .isInstanceOf(BadFilterException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void all_problems_are_told_at_once() {
        assertThatThrownBy(() -> SagaFilter.parse("phase:x key:a order:7 older:soon"))
                .isInstanceOfSatisfying(
                        BadFilterException.class,
                        thrown -> assertThat(thrown.problems()).hasSize(3));
        assertThatThrownBy(() -> SagaFilter.parse("x".repeat(2_001))).hasMessageContaining("at most 2000 characters");
        assertThatThrownBy(() -> SagaFilter.parse("a ".repeat(51))).hasMessageContaining("at most 50 conditions");
    }

    @Test
    void the_text_of_a_filter_is_read_as_the_same_filter() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            List<Term> terms = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                terms.add(any(random));
            }
            SagaFilter filter = new SagaFilter(terms);
            assertThat(SagaFilter.parse(filter.text()))
                    .as("seed %d: %s", seed, filter)
                    .isEqualTo(filter);
        }
    }

    private static Term any(Random random) {
        String word = word(random);
        return switch (random.nextInt(17)) {
            case 0 -> new Term.AnyId(new UUID(random.nextLong(), random.nextLong()));
            case 1 -> new Term.Id(new UUID(random.nextLong(), random.nextLong()));
            case 2 -> new Term.Message(new UUID(random.nextLong(), random.nextLong()));
            case 3 -> new Term.Name(word);
            case 4 -> new Term.Version(random.nextInt(1_000));
            case 5 -> new Term.Phase(SagaPhase.values()[random.nextInt(SagaPhase.values().length)]);
            case 6 -> new Term.Reason(StuckReason.values()[random.nextInt(StuckReason.values().length)]);
            case 7 -> new Term.At(word);
            case 14 -> new Term.Node(word);
            case 8 -> new Term.Asked(word);
            case 9 -> new Term.Attribute("customer", word);
            case 10 -> new Term.ErrorText(word);
            case 11 -> new Term.StartedFrom(Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L)));
            case 12 -> new Term.StartedBefore(Instant.ofEpochSecond(random.nextLong(4_000_000_000L)));
            case 13 -> new Term.Older(Duration.ofSeconds(1 + random.nextInt(1_000_000)));
            case 15 -> new Term.Stuck(random.nextBoolean() ? null : AgeBucket.values()[random.nextInt(4)]);
            default -> new Term.Key(word);
        };
    }

    /** With everything that means something to the reader. */
    private static String word(Random random) {
        String letters = "ab:<>\"\\ \t\n.ü-0";
        StringBuilder word = new StringBuilder();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }
}
