package io.amends.outbox;

import static io.amends.outbox.TestDatabase.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

class JdbcOutboxTest {

    private static TestDatabase database;
    private static StatementSpy spy;
    private static JdbcTransactionManager manager;

    private final AtomicInteger wakeUps = new AtomicInteger();
    private final JdbcOutbox outbox =
            new JdbcOutbox(spy.dataSource(), OutboxLimits.DEFAULT, buckets -> wakeUps.incrementAndGet());

    @BeforeAll
    static void open() {
        database = TestDatabase.migrated();
        spy = new StatementSpy(database.dataSource());
        manager = new JdbcTransactionManager(spy.dataSource());
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        database.jdbc().update("delete from saga_outbox");
        spy.refuse(sql -> false);
        spy.forget();
    }

    @Test
    void a_committed_message_is_stored_with_all_that_it_has() {
        UUID id = UUID.randomUUID();
        byte[] payload = {0, -1, 127};
        inTransaction(() -> outbox.append(new OutboxMessage(
                id, "orders", "käse-7", "order-placed", payload, Map.of("trace", new byte[] {9, 0}))));

        Map<String, Object> row = database.jdbc().queryForMap("select * from saga_outbox");
        assertThat(row)
                .containsEntry("id", id)
                .containsEntry("aggregatetype", "orders")
                .containsEntry("aggregateid", "käse-7")
                .containsEntry("type", "order-placed")
                .containsEntry("payload", payload);
        assertThat(HeaderCodec.decode((byte[]) row.get("headers")))
                .containsExactly(Map.entry("trace", new byte[] {9, 0}));
        assertThat(((Number) row.get("bucket")).intValue()).isBetween(0, 255);
        assertThat(wakeUps).hasValue(1);
    }

    @Test
    void one_insert_writes_all_messages_of_a_transaction_in_their_order() {
        List<String> keys = IntStream.range(0, 500).mapToObj(i -> "k" + i).toList();
        inTransaction(() -> keys.forEach(key -> outbox.append(message(key))));

        assertThat(database.outboxKeys()).isEqualTo(keys);
        assertThat(spy.count("insert into saga_outbox")).isEqualTo(1);
        assertThat(wakeUps).hasValue(1);
    }

    @Test
    void a_transaction_without_messages_writes_nothing_and_wakes_nobody() {
        inTransaction(() -> outbox.appendAll(List.of()));
        assertThat(spy.prepared()).isEmpty();
        assertThat(wakeUps).hasValue(0);
    }

    @Test
    void outside_a_transaction_an_append_is_refused_and_the_text_says_what_to_do() {
        assertThatThrownBy(() -> outbox.append(message("k")))
                .isInstanceOf(NoTransactionException.class)
                .hasMessageContaining("outside a transaction")
                .hasMessageContaining("@Transactional");
    }

    @Test
    void in_a_transaction_on_another_data_source_an_append_is_refused() {
        TransactionTemplate elsewhere = database.transaction();
        assertThatThrownBy(() -> elsewhere.executeWithoutResult(status -> outbox.append(message("k"))))
                .isInstanceOf(NoTransactionException.class)
                .hasMessageContaining("not on the outbox's DataSource")
                .hasMessageContaining("Name the transaction manager");
        assertThat(database.outboxKeys()).isEmpty();
    }

    @Test
    void a_mere_read_on_the_data_source_does_not_make_another_ones_transaction_its_own() {
        TransactionTemplate elsewhere = database.transaction();
        assertThatThrownBy(() -> elsewhere.executeWithoutResult(status -> {
                    new JdbcTemplate(spy.dataSource()).queryForObject("select 1", Integer.class);
                    outbox.append(message("k"));
                    status.setRollbackOnly();
                }))
                .isInstanceOf(NoTransactionException.class)
                .hasMessageContaining("not on the outbox's DataSource");
        assertThat(database.outboxKeys()).isEmpty();
    }

    @Test
    void in_a_read_only_transaction_an_append_is_refused() {
        TransactionTemplate readOnly = new TransactionTemplate(manager);
        readOnly.setReadOnly(true);
        assertThatThrownBy(() -> readOnly.executeWithoutResult(status -> outbox.append(message("k"))))
                .isInstanceOf(NoTransactionException.class)
                .hasMessageContaining("read-only")
                .hasMessageContaining("Remove readOnly = true");
    }

    @Test
    void messages_of_a_transaction_that_is_rolled_back_never_appear() {
        within(TransactionDefinition.PROPAGATION_REQUIRED, true, () -> outbox.append(message("gone")));
        assertThatThrownBy(() -> inTransaction(() -> {
                    outbox.append(message("gone"));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(database.outboxKeys()).isEmpty();
        assertThat(wakeUps).hasValue(0);
    }

    @Test
    void a_transaction_that_an_error_of_the_database_ended_is_rolled_back_in_silence() {
        try (LogWatch log = LogWatch.of("ROOT")) {
            assertThatThrownBy(() -> inTransaction(() -> {
                        outbox.append(message("gone"));
                        new JdbcTemplate(spy.dataSource()).queryForObject("select 1 / 0", Integer.class);
                    }))
                    .hasMessageContaining("division by zero");
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void a_nested_transaction_that_is_rolled_back_takes_only_its_own_messages_along() {
        inTransaction(() -> {
            outbox.append(message("before"));
            nested(true, "nested-gone");
            nested(false, "nested-kept");
            nested(true, "nested-gone-too");
            outbox.append(message("after"));
        });
        assertThat(database.outboxKeys()).containsExactly("before", "nested-kept", "after");
    }

    @Test
    void a_nested_transaction_with_the_first_message_takes_it_along() {
        inTransaction(() -> {
            nested(true, "gone");
            outbox.append(message("kept"));
        });
        assertThat(database.outboxKeys()).containsExactly("kept");
    }

    @Test
    void a_nested_transaction_within_a_nested_one_goes_with_the_outer() {
        inTransaction(() -> {
            outbox.append(message("before"));
            within(TransactionDefinition.PROPAGATION_NESTED, true, () -> {
                outbox.append(message("outer"));
                nested(false, "inner");
            });
        });
        assertThat(database.outboxKeys()).containsExactly("before");
    }

    @Test
    void a_new_transaction_within_keeps_its_messages_apart() {
        assertThatThrownBy(() -> inTransaction(() -> {
                    outbox.append(message("outer"));
                    within(
                            TransactionDefinition.PROPAGATION_REQUIRES_NEW,
                            false,
                            () -> outbox.append(message("inner-kept")));
                    assertThat(database.outboxKeys()).containsExactly("inner-kept");
                    outbox.append(message("outer-later"));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(database.outboxKeys()).containsExactly("inner-kept");
    }

    @Test
    void a_new_transaction_within_that_is_rolled_back_leaves_the_outer_ones_messages() {
        inTransaction(() -> {
            outbox.append(message("outer"));
            within(TransactionDefinition.PROPAGATION_REQUIRES_NEW, true, () -> outbox.append(message("inner-gone")));
            outbox.append(message("outer-later"));
        });
        assertThat(database.outboxKeys()).containsExactly("outer", "outer-later");
    }

    @Test
    void a_message_appended_while_others_prepare_the_commit_is_written_too() {
        inTransaction(() -> {
            outbox.append(message("early"));
            beforeCommit(() -> outbox.append(message("late")));
        });
        assertThat(database.outboxKeys()).containsExactly("early", "late");
    }

    @Test
    void also_if_it_is_the_first_of_its_transaction() {
        inTransaction(() -> beforeCommit(() -> outbox.append(message("late"))));
        assertThat(database.outboxKeys()).containsExactly("late");
        assertThat(wakeUps).hasValue(1);
    }

    @Test
    void if_such_a_late_message_cannot_be_written_its_transaction_does_not_commit() {
        database.jdbc().execute("create table if not exists business (id int)");
        database.jdbc().update("delete from business");
        spy.refuse(sql -> sql.contains("insert into saga_outbox"));

        assertThatThrownBy(() -> inTransaction(() -> {
                    new JdbcTemplate(spy.dataSource()).update("insert into business values (1)");
                    beforeCommit(() -> outbox.append(message("late")));
                }))
                .isInstanceOf(RuntimeException.class);
        assertThat(database.count("business")).isZero();
    }

    @Test
    void after_the_commit_an_append_is_refused_instead_of_lost() {
        List<Throwable> thrown = new ArrayList<>();
        inTransaction(() -> {
            outbox.append(message("in time"));
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    try {
                        outbox.append(message("too late"));
                    } catch (NoTransactionException refusal) {
                        thrown.add(refusal);
                    }
                }
            });
        });
        assertThat(thrown)
                .singleElement()
                .satisfies(refusal -> assertThat(refusal)
                        .hasMessageContaining("already")
                        .hasMessageContaining("PROPAGATION_REQUIRES_NEW"));
        assertThat(database.outboxKeys()).containsExactly("in time");
    }

    @Test
    void the_first_append_of_a_transaction_after_its_commit_is_reported_as_lost() {
        try (LogWatch log = LogWatch.of("io.amends.outbox.JdbcOutbox")) {
            inTransaction(
                    () -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                        @Override
                        public void afterCommit() {
                            outbox.append(message("too late"));
                        }
                    }));
            assertThat(log.lines()).singleElement().asString().startsWith("ERROR 1 messages of [noted]");
        }
        assertThat(database.outboxKeys()).isEmpty();
    }

    @Test
    void messages_that_could_never_be_sent_are_refused_and_name_their_field() {
        byte[] large = new byte[OutboxLimits.DEFAULT.maxMessageBytes() + 1];
        inTransaction(() -> {
            assertRefused("topic", message("no good", "k", new byte[0]));
            assertRefused("topic", message("..", "k", new byte[0]));
            assertRefused("topic", message("\uD83D\uDE00", "k", new byte[0]));
            assertRefused("key", message(" "));
            assertRefused("key", message("a\0b"));
            assertRefused("key", message("k".repeat(1001)));
            assertRefused("payload", message("orders", "k", large));
            assertRefused(
                    "headers",
                    new OutboxMessage(UUID.randomUUID(), "orders", "k", "t", new byte[0], Map.of("", new byte[0])));
        });
        assertThat(database.outboxKeys()).isEmpty();
    }

    @Test
    void of_a_refused_collection_nothing_is_kept() {
        inTransaction(() -> assertThatThrownBy(() -> outbox.appendAll(List.of(message("good"), message(" "))))
                .isInstanceOf(MessageRefusedException.class));
        assertThat(database.outboxKeys()).isEmpty();
    }

    @Test
    void a_refusal_never_shows_the_payload() {
        byte[] secret = "secret".repeat(200_000).getBytes(StandardCharsets.UTF_8);
        inTransaction(() -> assertThatThrownBy(() -> outbox.append(message("orders", "k", secret)))
                .hasMessageContaining("1200001 bytes")
                .message()
                .doesNotContain("secret"));
    }

    private void assertRefused(String field, OutboxMessage message) {
        assertThatThrownBy(() -> outbox.append(message))
                .isInstanceOfSatisfying(
                        MessageRefusedException.class,
                        refusal -> assertThat(refusal.field()).isEqualTo(field));
    }

    private void nested(boolean rollBack, String key) {
        within(TransactionDefinition.PROPAGATION_NESTED, rollBack, () -> outbox.append(message(key)));
    }

    private static void within(int propagation, boolean rollBack, Runnable work) {
        TransactionTemplate template = new TransactionTemplate(manager);
        template.setPropagationBehavior(propagation);
        template.executeWithoutResult(status -> {
            work.run();
            if (rollBack) {
                status.setRollbackOnly();
            }
        });
    }

    private static void inTransaction(Runnable work) {
        within(TransactionDefinition.PROPAGATION_REQUIRED, false, work);
    }

    private static void beforeCommit(Runnable work) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void beforeCommit(boolean readOnly) {
                work.run();
            }
        });
    }
}
