package io.amends.outbox.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.TestDatabase;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InboxUpkeepTest {

    private final TestDatabase database = TestDatabase.migrated();
    private final Inbox inbox = new Inbox(database.jdbc());
    private final InboxUpkeep upkeep = upkeep(Duration.ofDays(8));
    private final LocalDate today = dayOfTheTables();
    /** Noon of the day on which the tables were made, which may have ended since. */
    private final Instant now = today.atTime(12, 0).toInstant(ZoneOffset.UTC);

    @AfterEach
    void close() {
        database.close();
    }

    @BeforeEach
    void the_days_around_today_are_there_from_the_start() {
        LocalDate really = LocalDate.now(ZoneOffset.UTC);
        assertThat(today).isBetween(really.minusDays(1), really);
        assertThat(upkeep.run(now)).isEmpty();
    }

    @Test
    void which_day_it_is_the_database_s_clock_says() {
        String tomorrow = table(LocalDate.now(ZoneOffset.UTC).plusDays(1));
        database.jdbc().execute("drop table " + tomorrow);

        assertThat(upkeep.run()).contains("made " + tomorrow);
    }

    @Test
    void an_id_lies_in_the_partition_of_its_own_day_whenever_it_is_received() {
        claim(daysAgo(2));
        claim(daysAgo(-1));

        assertThat(rows(day(2))).isEqualTo(1);
        assertThat(rows(day(-1))).isEqualTo(1);
        assertThat(claim(daysAgo(2))).isTrue();
    }

    @Test
    void ids_without_a_time_or_with_one_far_away_are_recognised_too() {
        for (UUID id : List.of(UUID.randomUUID(), new UUID(0x4000, 1), daysAgo(400), daysAgo(-400))) {
            assertThat(claim(id)).isTrue();
            assertThat(claim(id)).isFalse();
        }
        assertThat(rows("saga_inbox_default") + rows("saga_inbox_other")).isEqualTo(4);
    }

    @Test
    void days_that_are_older_than_the_retention_are_dropped_and_no_others() {
        UUID young = daysAgo(2);
        claim(daysAgo(7));
        claim(young);

        assertThat(upkeep(Duration.ofDays(3)).run(now))
                .contains("dropped " + day(7), "dropped " + day(4))
                .doesNotContain("dropped " + day(3));

        assertThat(claim(daysAgo(7))).isTrue();
        assertThat(claim(young)).isFalse();
    }

    @Test
    void a_day_that_was_missing_is_made_and_takes_its_ids_along() {
        database.jdbc().execute("drop table " + day(-2));
        UUID early = daysAgo(-2);
        claim(early);
        assertThat(rows("saga_inbox_default")).isEqualTo(1);

        assertThat(upkeep.run(now)).containsExactly("made " + day(-2));

        assertThat(rows("saga_inbox_default")).isZero();
        assertThat(rows(day(-2))).isEqualTo(1);
        assertThat(claim(early)).isFalse();
    }

    @Test
    void what_has_no_day_is_deleted_by_its_time_of_receipt() {
        UUID old = UUID.randomUUID();
        UUID recent = UUID.randomUUID();
        claim(old);
        claim(recent);
        database.jdbc()
                .update(
                        "update saga_inbox set received_at = received_at - interval '9 days' where message_id = ?",
                        old);

        assertThat(upkeep.run(now)).singleElement().asString().startsWith("deleted 1 of ");
        assertThat(claim(old)).isTrue();
        assertThat(claim(recent)).isFalse();
    }

    @Test
    void where_a_consumer_was_in_a_topic_that_was_made_anew_is_forgotten_but_not_in_a_quiet_one() {
        position("orders", 1, 20);
        position("orders", 2, 9);
        position("orders", 3, 1);
        position("quiet", 4, 400);

        assertThat(upkeep.run(now)).containsExactly("deleted 2 of saga_inbox_partition");

        assertThat(database.jdbc()
                        .queryForList("select topic_id from saga_inbox_partition order by topic_id", UUID.class))
                .containsExactly(new UUID(0, 3), new UUID(0, 4));
    }

    @Test
    void a_topic_that_was_made_anew_within_the_retention_or_is_not_read_yet_replaces_nothing() {
        position("orders", 1, 7);
        position("orders", 2, 1);
        position("bills", 3, 20);
        position("bills", 4, 1);
        database.jdbc().update("update saga_inbox_partition set next_offset = 0 where topic_id = ?", new UUID(0, 4));

        assertThat(upkeep.run(now)).isEmpty();
    }

    @Test
    void what_operators_did_is_kept_for_a_year() {
        database.jdbc().update("""
                insert into saga_inbox_audit (at, verb, actor, why, consumer, topic, partition, record_offset)
                select now() - d * interval '1 day', 'retry', 'ann', 'mended', 'billing', 'orders', 0, d
                  from unnest(array[1, 364, 366, 800]) d""");

        assertThat(upkeep.run(now)).containsExactly("deleted 2 of saga_inbox_audit");

        assertThat(database.jdbc()
                        .queryForList("select record_offset from saga_inbox_audit order by record_offset", Long.class))
                .containsExactly(1L, 364L);
    }

    private void position(String topic, int id, int daysAgo) {
        database.jdbc().update("""
                        insert into saga_inbox_partition (consumer, topic_id, partition, topic, next_offset, moved_at)
                        values ('billing', ?, 0, ?, 5, now() - ? * interval '1 day')""", new UUID(0, id), topic, daysAgo);
    }

    @Test
    void while_a_consumer_is_at_work_nothing_is_dropped_and_the_next_run_does_it() throws Exception {
        try (Connection busy = database.dataSource().getConnection()) {
            busy.setAutoCommit(false);
            busy.createStatement()
                    .execute("insert into saga_inbox (consumer, message_id) values ('busy', '%s')"
                            .formatted(daysAgo(0)));
            assertThat(upkeep(Duration.ofDays(3)).run(now)).isEmpty();
            busy.rollback();
        }
        assertThat(upkeep(Duration.ofDays(3)).run(now)).contains("dropped " + day(7));
    }

    private InboxUpkeep upkeep(Duration retention) {
        return new InboxUpkeep(
                database.jdbc(), database.transaction().getTransactionManager(), retention, Duration.ofMillis(50));
    }

    private boolean claim(UUID id) {
        return !database.transaction()
                .execute(status -> inbox.claim("billing", List.of(id)))
                .isEmpty();
    }

    private long rows(String table) {
        return database.count(table);
    }

    /** The last of the days that the tables were made with is three days later. */
    private LocalDate dayOfTheTables() {
        String last = database.jdbc().queryForObject("""
                select max(c.relname) from pg_inherits i join pg_class c on c.oid = i.inhrelid
                 where i.inhparent = 'saga_inbox'::regclass and c.relname ~ '^saga_inbox_[0-9]{8}$'""", String.class);
        return LocalDate.parse(last.substring("saga_inbox_".length()), DateTimeFormatter.BASIC_ISO_DATE)
                .minusDays(3);
    }

    private String day(int ago) {
        return table(today.minusDays(ago));
    }

    private static String table(LocalDate day) {
        return "saga_inbox_" + day.format(DateTimeFormatter.BASIC_ISO_DATE);
    }

    private UUID daysAgo(int days) {
        return Deliveries.id(now.minus(Duration.ofDays(days)).toEpochMilli());
    }
}
