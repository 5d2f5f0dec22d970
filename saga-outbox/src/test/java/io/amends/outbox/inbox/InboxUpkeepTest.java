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

    @AfterEach
    void close() {
        database.close();
    }

    @BeforeEach
    void the_days_around_today_are_there_from_the_start() {
        assertThat(upkeep.run()).isEmpty();
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

        assertThat(upkeep(Duration.ofDays(3)).run())
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

        assertThat(upkeep.run()).containsExactly("made " + day(-2));

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

        assertThat(upkeep.run()).singleElement().asString().startsWith("deleted 1 of ");
        assertThat(claim(old)).isTrue();
        assertThat(claim(recent)).isFalse();
    }

    @Test
    void while_a_consumer_is_at_work_nothing_is_dropped_and_the_next_run_does_it() throws Exception {
        try (Connection busy = database.dataSource().getConnection()) {
            busy.setAutoCommit(false);
            busy.createStatement()
                    .execute("insert into saga_inbox (consumer, message_id) values ('busy', '%s')"
                            .formatted(daysAgo(0)));
            assertThat(upkeep(Duration.ofDays(3)).run()).isEmpty();
            busy.rollback();
        }
        assertThat(upkeep(Duration.ofDays(3)).run()).contains("dropped " + day(7));
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

    private static String day(int ago) {
        return "saga_inbox_" + LocalDate.now(ZoneOffset.UTC).minusDays(ago).format(DateTimeFormatter.BASIC_ISO_DATE);
    }

    private static UUID daysAgo(int days) {
        return Deliveries.id(Instant.now().minus(Duration.ofDays(days)).toEpochMilli());
    }
}
