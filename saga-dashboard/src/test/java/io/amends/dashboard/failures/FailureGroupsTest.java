package io.amends.dashboard.failures;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.Depot;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.search.SagaFinder;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as the same failure. */
class FailureGroupsTest {

    private static Depot depot;

    private final Orchestration orchestration = depot.orchestration();
    private final FailureGroups groups = new FailureGroups(depot.reads(), StuckAllowances.DEFAULT);

    @BeforeAll
    static void open() {
        depot = new Depot();
    }

    @AfterAll
    static void close() {
        depot.close();
    }

    @BeforeEach
    void clear() {
        depot.clear();
    }

    private UUID start(String key) {
        return orchestration
                .sagas()
                .start("delivery", Parcel.of(key), SagaKey.of(key))
                .sagaId();
    }

    /** Stuck because its own code threw. */
    private UUID broken(String key) {
        UUID id = start(key);
        orchestration.replies().process(List.of(depot.reply(depot.takeLast(), new Collected("unknown van"))));
        return id;
    }

    private String shape(String text) {
        return String.valueOf(depot.jdbc.queryForObject(
                "select " + FailureShape.sql("t") + " from (select ?::text as t) x", String.class, text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "order 4711 is gone | order 8 is gone | order # is gone",
                "saga 0198c5a0-1111-7000-8000-0123456789ab | saga 0198C5A0-2222-7000-8000-0123456789ab | saga #",
                "no \"Alice\" here | no \"Bob Smith\" here | no \"#\" here",
                "x.Order@1b2c3d4f | x.Order@ff | x.Order@#",
                "since 2026-01-31T12:00:00.123Z | since 2025-12-01T00:00:00Z | since #",
                "at 10.0.0.1:5432 | at 192.168.1.17:80 | at #",
                "step 'collect': gave up | step 'collect': gave up | step 'collect': gave up"
            })
    void texts_that_differ_in_ids_and_numbers_have_one_shape(String one, String other, String expected) {
        assertThat(shape(one)).isEqualTo(expected);
        if (!one.contains("@")) {
            assertThat(shape(other)).isEqualTo(expected);
        }
    }

    @Test
    void only_the_first_line_counts_and_no_more_than_three_hundred_characters() {
        assertThat(shape("first\n\tat x.y(Z.java:3)")).isEqualTo("first");
        assertThat(shape("x".repeat(1_000_000))).hasSize(300);
        assertThat(shape("")).isEmpty();
    }

    @Test
    void what_participants_tell_of_their_errors_makes_groups() {
        refused("a", "OutOfMemoryError: van 7");
        refused("b", "OutOfMemoryError: van 8");
        refused("c", "IllegalStateException: no keys");

        assertThat(groups.all(10))
                .extracting(group -> group.number() + " " + group.shape())
                .containsExactly(
                        "2 step 'deliver': 'vans' gave up with amends.handler-failed-for-good: OutOfMemoryError: van #",
                        "1 step 'deliver': 'vans' gave up with amends.handler-failed-for-good: IllegalStateException: no keys");
    }

    @Test
    void the_same_words_from_another_place_in_the_code_are_another_group_but_lines_do_not_count() {
        refused("a", "X: van 7", "com.vans.Van.start:10\ncom.vans.Desk.lambda$deliver$3:3");
        depot.timePasses(Duration.ofHours(1));
        refused("b", "X: van 8", "com.vans.Van.start:12\ncom.vans.Desk.lambda$deliver$4:3");
        refused("c", "X: van 9", "com.vans.Van.stop:10");
        refused("d", "X: van 9");

        List<FailureGroup> all = groups.all(10);

        assertThat(all)
                .extracting(group -> group.number() + " " + group.frames())
                .containsExactlyInAnyOrder(
                        "2 [com.vans.Van.start:10, com.vans.Desk.lambda$deliver$3:3]",
                        "1 [com.vans.Van.stop:10]",
                        "1 []");
        assertThat(all).extracting(FailureGroup::shape).containsOnly(all.get(0).shape());
        SagaFinder finder = new SagaFinder(depot.reads(), StuckAllowances.DEFAULT);
        for (FailureGroup group : all) {
            assertThat(groups.find(GroupQuery.of(group.id()), 10).groups()).containsExactly(group);
            assertThat(finder.find(SagaFilter.parse("group:" + group.id()), null, 10)
                            .sagas())
                    .hasSize((int) group.number());
        }
    }

    @Test
    void a_group_whose_sagas_do_not_tell_where_in_the_code_keeps_its_id() {
        refused("a", "X: van 7");

        FailureGroup group = groups.all(10).get(0);
        assertThat(group.id())
                .isEqualTo(depot.jdbc.queryForObject(
                        "select left(md5(?), 16)",
                        String.class,
                        String.join("\n", "delivery", "deliver", group.reason().name(), group.shape())));
    }

    @Test
    void what_the_saga_s_own_code_threw_says_where() {
        broken("a");

        assertThat(groups.all(10).get(0).frames())
                .singleElement()
                .asString()
                .matches("io\\.amends\\.dashboard\\.Deliveries\\$DeliverySaga\\.collected:[0-9]+");
    }

    private void refused(String key, String told) {
        refused(key, told, null);
    }

    private void refused(String key, String told, @Nullable String frames) {
        start(key);
        orchestration.replies().process(List.of(depot.reply(depot.takeLast(), new Collected("van 7"))));
        orchestration
                .sagas()
                .signal("delivery", SagaKey.of(key), "customs", new io.amends.dashboard.Deliveries.Cleared());
        InboundRecord error =
                depot.reply(depot.takeLast(), ReservedTypes.HANDLER_FAILED_FOR_GOOD, Outcome.ERROR, new byte[0]);
        Map<String, byte[]> headers = new HashMap<>(error.headers());
        headers.put(WireHeaders.SAGA_ERROR, told.getBytes(StandardCharsets.UTF_8));
        if (frames != null) {
            headers.put(WireHeaders.SAGA_ERROR_FRAMES, frames.getBytes(StandardCharsets.UTF_8));
        }
        orchestration
                .replies()
                .process(List.of(
                        new InboundRecord(error.topic(), 0, error.offset(), error.key(), error.value(), headers)));
    }

    @Test
    void four_thousand_equal_failures_are_one_line() {
        broken("k0");
        depot.jdbc.update("update saga_instance set reason = reason || ' of order 0'");
        depot.jdbc.update("""
                with copies as materialized (select n, gen_random_uuid() as id from generate_series(1, 3999) n),
                steps as (
                  insert into saga_step
                  select (jsonb_populate_record(s, jsonb_build_object('saga_id', c.id))).* from saga_step s cross join copies c)
                insert into saga_instance
                select (jsonb_populate_record(i, jsonb_build_object('saga_id', c.id, 'business_key', 'k' || c.n,
                         'reason', replace(i.reason, 'order 0', 'order ' || c.n)))).*
                  from saga_instance i cross join copies c""");

        assertThat(groups.all(10)).singleElement().satisfies(group -> {
            assertThat(group.number()).isEqualTo(4_000);
            assertThat(group.shape()).endsWith("of order #");
        });
    }

    @Test
    void equal_failures_are_one_line_with_the_first_and_the_last() {
        UUID first = broken("a1");
        depot.timePasses(Duration.ofHours(3));
        for (int i = 0; i < 20; i++) {
            broken("b" + i);
        }
        UUID other = start("c");
        orchestration.replies().process(List.of(depot.reply(depot.takeLast(), new Collected("van 7"))));
        orchestration
                .sagas()
                .signal("delivery", SagaKey.of("c"), "customs", new io.amends.dashboard.Deliveries.Cleared());
        orchestration
                .replies()
                .process(List.of(depot.reply(
                        depot.takeLast(), ReservedTypes.HANDLER_FAILED_FOR_GOOD, Outcome.ERROR, new byte[0])));

        List<FailureGroup> all = groups.all(10);

        assertThat(all).hasSize(2);
        FailureGroup most = all.get(0);
        assertThat(most.number()).isEqualTo(21);
        assertThat(most.lastHour()).isEqualTo(20);
        assertThat(most.hours()).containsExactly(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 0L, 0L, 20L);
        assertThat(groups.has(most.id())).isTrue();
        assertThat(groups.has("0123456789abcdef")).isFalse();
        assertThat(most.step()).isEqualTo("collect");
        assertThat(most.reason()).isEqualTo(StuckReason.NON_RETRYABLE);
        assertThat(most.shape()).contains("threw java.lang.IllegalStateException: no such van: #");
        assertThat(most.example()).isEqualTo(first);
        assertThat(Duration.between(most.first(), most.last())).isBetween(Duration.ofHours(3), Duration.ofHours(4));
        assertThat(most.versions()).containsExactly(1);
        assertThat(all.get(1).step()).isEqualTo("deliver");
        assertThat(all.get(1).example()).isEqualTo(other);
        assertThat(groups.all(1)).containsExactly(most);
    }

    @Test
    void a_group_is_found_however_many_are_larger() {
        for (String van : List.of("a", "b", "c")) {
            refused(van + 1, "OutOfMemoryError: van " + van);
            refused(van + 2, "OutOfMemoryError: van " + van);
        }
        broken("small");
        FailureGroup small = groups.all(10).get(3);
        GroupQuery at = new GroupQuery(List.of(), List.of(), List.of(), List.of(), List.of("collect"));

        assertThat(groups.find(at, 1).groups()).containsExactly(small);
        assertThat(groups.find(GroupQuery.of(small.id()), 1).groups()).containsExactly(small);
        assertThat(groups.find(of(List.of("delivery", "x"), List.of(2, 1), List.of(), List.of("collect", "y")), 1)
                        .groups())
                .containsExactly(small);
        assertThat(groups.find(of(List.of(), List.of(2), List.of(), List.of("collect")), 10)
                        .groups())
                .isEmpty();
        assertThat(groups.find(of(List.of("x"), List.of(), List.of(), List.of("collect")), 10)
                        .groups())
                .isEmpty();
        assertThat(groups.find(of(List.of(), List.of(), List.of(small.reason()), List.of()), 10)
                        .groups())
                .contains(small)
                .hasSizeLessThanOrEqualTo(4);
        assertThat(groups.find(of(List.of(), List.of(), List.of(StuckReason.HOT_RETRY), List.of()), 10)
                        .groups())
                .isEmpty();
    }

    private static GroupQuery of(
            List<String> names, List<Integer> versions, List<StuckReason> reasons, List<String> steps) {
        return new GroupQuery(List.of(), names, versions, reasons, steps);
    }
}
