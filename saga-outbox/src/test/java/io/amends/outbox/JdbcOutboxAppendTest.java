package io.amends.outbox;

import static io.amends.outbox.TestDatabase.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a transaction may append, what is written before it, and what a message is given on the way. */
class JdbcOutboxAppendTest {

    private static final OutboxLimits SMALL = new OutboxLimits(100, 3, 100, 3, 200);

    private static TestDatabase database;
    private static StatementSpy spy;
    private static TransactionTemplate transaction;

    @BeforeAll
    static void open() {
        database = TestDatabase.migrated();
        database.jdbc().execute("create table business (id int)");
        spy = new StatementSpy(database.dataSource());
        transaction = new TransactionTemplate(new JdbcTransactionManager(spy.dataSource()));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        database.jdbc().update("delete from saga_outbox");
        database.jdbc().update("delete from business");
        spy.refuse(sql -> false);
        spy.forget();
    }

    @Test
    void one_message_more_than_a_transaction_may_append_is_refused_and_the_others_stay() {
        JdbcOutbox outbox = outbox(SMALL);
        transaction.executeWithoutResult(status -> {
            outbox.appendAll(List.of(message("a"), message("b")));
            assertThatThrownBy(() -> outbox.appendAll(List.of(message("c"), message("d"))))
                    .isInstanceOf(TransactionTooLargeException.class)
                    .hasMessageContaining("4 messages; the limit is 3");
            outbox.append(message("e"));
        });
        assertThat(database.outboxKeys()).containsExactly("a", "b", "e");
    }

    @Test
    void one_byte_more_than_a_transaction_may_append_is_refused() {
        JdbcOutbox outbox = outbox(SMALL);
        transaction.executeWithoutResult(status -> {
            outbox.append(message("orders", "a", new byte[99]));
            outbox.append(message("orders", "b", new byte[98]));
            assertThatThrownBy(() -> outbox.append(message("orders", "c", new byte[1])))
                    .isInstanceOf(TransactionTooLargeException.class)
                    .hasMessageContaining("201 bytes");
        });
        assertThat(database.outboxKeys()).containsExactly("a", "b");
    }

    @Test
    void what_a_nested_transaction_took_along_counts_no_more() {
        JdbcOutbox outbox = outbox(SMALL);
        TransactionTemplate nested = new TransactionTemplate(transaction.getTransactionManager());
        nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        transaction.executeWithoutResult(status -> {
            outbox.append(message("orders", "a", new byte[20]));
            nested.executeWithoutResult(inner -> {
                outbox.appendAll(List.of(message("orders", "b", new byte[90]), message("orders", "c", new byte[80])));
                inner.setRollbackOnly();
            });
            outbox.appendAll(List.of(message("orders", "d", new byte[90]), message("orders", "e", new byte[80])));
        });
        assertThat(database.outboxKeys()).containsExactly("a", "d", "e");
        assertThat(spy.count("insert into saga_outbox")).isEqualTo(1);
    }

    @Test
    void what_was_written_before_others_finished_preparing_counts_too() {
        JdbcOutbox outbox = outbox(SMALL);
        List<Throwable> thrown = new ArrayList<>();
        transaction.executeWithoutResult(status -> {
            outbox.appendAll(List.of(message("a"), message("b"), message("c")));
            beforeCommit(() -> {
                try {
                    outbox.append(message("d"));
                } catch (TransactionTooLargeException refusal) {
                    thrown.add(refusal);
                }
            });
        });
        assertThat(thrown).hasSize(1);
        assertThat(database.outboxKeys()).containsExactly("a", "b", "c");
    }

    @Test
    void what_others_hold_back_is_written_before_the_messages() {
        JdbcOutbox outbox = flushing(() -> business(1));
        transaction.executeWithoutResult(status -> outbox.append(message("k")));
        assertThat(spy.prepared())
                .satisfiesExactly(
                        first -> assertThat(first).contains("insert into business"),
                        second -> assertThat(second).contains("insert into saga_outbox"));
    }

    @Test
    void a_message_that_is_appended_while_that_is_written_is_in_the_same_statement() {
        List<JdbcOutbox> outbox = new ArrayList<>();
        outbox.add(flushing(() -> outbox.get(0).append(message("listener"))));
        transaction.executeWithoutResult(status -> outbox.get(0).append(message("service")));
        assertThat(database.outboxKeys()).containsExactly("service", "listener");
        assertThat(spy.count("insert into saga_outbox")).isEqualTo(1);
    }

    @Test
    void it_is_written_again_before_a_message_that_came_later() {
        List<Integer> changes = new ArrayList<>();
        JdbcOutbox outbox = flushing(() -> changes.forEach(JdbcOutboxAppendTest::business));
        transaction.executeWithoutResult(status -> {
            outbox.append(message("early"));
            beforeCommit(() -> {
                changes.add(1);
                outbox.append(message("late"));
            });
        });
        assertThat(spy.prepared().get(1)).contains("insert into business");
        assertThat(spy.prepared().get(2)).contains("insert into saga_outbox");
        assertThat(database.outboxKeys()).containsExactly("early", "late");
    }

    @Test
    void if_it_cannot_be_written_nothing_commits() {
        JdbcOutbox outbox = flushing(() -> {
            throw new IllegalStateException("no such entity");
        });
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    business(1);
                    outbox.append(message("k"));
                }))
                .hasMessage("no such entity");
        assertThat(database.outboxKeys()).isEmpty();
        assertThat(database.count("business")).isZero();
    }

    @Test
    void a_transaction_that_is_rolled_back_writes_nothing_of_it() {
        JdbcOutbox outbox = flushing(() -> business(1));
        transaction.executeWithoutResult(status -> {
            outbox.append(message("k"));
            status.setRollbackOnly();
        });
        assertThat(spy.count("insert into business")).isZero();
    }

    @Test
    void a_message_is_given_the_trace_of_the_moment_when_it_is_appended() {
        List<String> trace = new ArrayList<>(List.of("00-1-1-01", "00-2-2-01"));
        JdbcOutbox outbox = new JdbcOutbox(
                spy.dataSource(),
                OutboxLimits.DEFAULT,
                AppendListener.NONE,
                UnwrittenChanges.NONE,
                () -> Map.of(TraceHeaders.TRACE_PARENT, bytes(trace.remove(0))));
        transaction.executeWithoutResult(status -> {
            outbox.appendAll(List.of(message("a"), message("b")));
            outbox.append(message("c"));
        });
        assertThat(traces()).containsExactly("a 00-1-1-01", "b 00-1-1-01", "c 00-2-2-01");
    }

    @Test
    void a_message_with_a_trace_of_its_own_keeps_it() {
        JdbcOutbox outbox = new JdbcOutbox(
                spy.dataSource(),
                OutboxLimits.DEFAULT,
                AppendListener.NONE,
                UnwrittenChanges.NONE,
                () -> Map.of(TraceHeaders.TRACE_PARENT, bytes("00-2-2-01"), TraceHeaders.TRACE_STATE, bytes("v=2")));
        transaction.executeWithoutResult(status -> outbox.append(new OutboxMessage(
                UUID.randomUUID(),
                "orders",
                "a",
                "t",
                new byte[0],
                Map.of(TraceHeaders.TRACE_PARENT, bytes("00-1-1-01")))));
        assertThat(traces()).containsExactly("a 00-1-1-01");
    }

    /** Held until the commit, a lock of another segment would keep that from being emptied. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_message_locks_no_segment_but_its_own_whether_a_relay_wants_to_be_told_or_not(boolean wanted) {
        List<String> locked = new ArrayList<>();
        JdbcOutbox outbox = new JdbcOutbox(spy.dataSource(), OutboxLimits.DEFAULT, new Telling(wanted));
        transaction.executeWithoutResult(status -> {
            outbox.append(message("a"));
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    locked.addAll(new JdbcTemplate(spy.dataSource()).queryForList("""
                            select distinct relation::regclass::text from pg_locks
                             where pid = pg_backend_pid() and relation in (
                                   select inhrelid from pg_inherits where inhparent = 'saga_outbox'::regclass)""", String.class));
                }
            });
        });
        assertThat(locked).hasSize(1);
    }

    @Test
    void what_a_message_alone_in_its_transaction_has_seen_is_told() {
        Telling told = new Telling(true);
        JdbcOutbox outbox = new JdbcOutbox(spy.dataSource(), OutboxLimits.DEFAULT, told);
        transaction.executeWithoutResult(status -> outbox.append(message("a")));

        assertThat(told.messages).singleElement().satisfies(message -> {
            assertThat(message.key()).isEqualTo("a");
            assertThat(message.seen()).isNotNull();
        });
    }

    /** Nobody who is told of the message knows of the others. */
    @Test
    void what_it_has_seen_is_not_told_if_its_transaction_wrote_other_rows_by_sql_of_its_own() {
        Telling told = new Telling(true);
        JdbcOutbox outbox = new JdbcOutbox(spy.dataSource(), OutboxLimits.DEFAULT, told);
        transaction.executeWithoutResult(status -> {
            outbox.append(message("a"));
            new JdbcTemplate(spy.dataSource()).update("""
                    insert into saga_outbox (id, aggregatetype, aggregateid, type, payload, headers, bucket)
                    values (gen_random_uuid(), 'orders', 'b', 'noted', '', '', 0)""");
        });
        assertThat(told.messages)
                .singleElement()
                .satisfies(message -> assertThat(message.seen()).isNull());

        transaction.executeWithoutResult(status -> outbox.append(message("c")));
        assertThat(told.messages.get(1).seen()).as("the next transaction's").isNotNull();
    }

    @Test
    void two_outboxes_in_one_transaction_tell_of_no_message_alone() {
        Telling told = new Telling(true);
        JdbcOutbox one = new JdbcOutbox(spy.dataSource(), OutboxLimits.DEFAULT, told);
        JdbcOutbox other = new JdbcOutbox(spy.dataSource(), OutboxLimits.DEFAULT, told);
        transaction.executeWithoutResult(status -> {
            one.append(message("a"));
            other.append(message("b"));
        });
        assertThat(told.messages).isEmpty();
        assertThat(database.outboxKeys()).containsExactly("a", "b");
    }

    private static final class Telling implements AppendListener {

        private final boolean wanted;
        private final List<CommittedMessage> messages = new ArrayList<>();

        Telling(boolean wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean wants(short bucket) {
            return wanted;
        }

        @Override
        public void committed(BitSet buckets) {
            // nobody is woken
        }

        @Override
        public void committed(CommittedMessage message) {
            messages.add(message);
        }
    }

    @Test
    void on_a_connection_of_ones_own_messages_are_written_at_once_with_one_statement() throws SQLException {
        JdbcOutbox outbox = outbox(SMALL);
        try (Connection connection = spy.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            outbox.appendTo(connection, List.of(message("a"), message("b")));
            assertThat(database.outboxKeys()).isEmpty();
            connection.commit();
            assertThat(database.outboxKeys()).containsExactly("a", "b");
            outbox.appendTo(connection, List.of(message("c")));
            connection.rollback();
        }
        assertThat(database.outboxKeys()).containsExactly("a", "b");
        assertThat(spy.count("insert into saga_outbox")).isEqualTo(2);
    }

    @Test
    void on_a_connection_that_commits_by_itself_messages_are_refused() throws SQLException {
        try (Connection connection = spy.dataSource().getConnection()) {
            assertThatThrownBy(() -> outbox(SMALL).appendTo(connection, List.of(message("a"))))
                    .isInstanceOf(NoTransactionException.class)
                    .hasMessageContaining("setAutoCommit(false)");
        }
        assertThat(database.outboxKeys()).isEmpty();
    }

    @Test
    void on_a_connection_of_ones_own_the_limits_are_the_same() throws SQLException {
        try (Connection connection = spy.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> outbox(SMALL).appendTo(connection, List.of(message("a"), message(" "))))
                    .isInstanceOf(MessageRefusedException.class);
            assertThatThrownBy(() -> outbox(SMALL)
                            .appendTo(connection, List.of(message("a"), message("b"), message("c"), message("d"))))
                    .isInstanceOf(TransactionTooLargeException.class);
            connection.commit();
        }
        assertThat(database.outboxKeys()).isEmpty();
    }

    private static JdbcOutbox outbox(OutboxLimits limits) {
        return new JdbcOutbox(spy.dataSource(), limits, AppendListener.NONE);
    }

    private static JdbcOutbox flushing(UnwrittenChanges unwritten) {
        return new JdbcOutbox(
                spy.dataSource(), OutboxLimits.DEFAULT, AppendListener.NONE, unwritten, TraceHeaders.NONE);
    }

    private static void business(int id) {
        new JdbcTemplate(spy.dataSource()).update("insert into business values (?)", id);
    }

    private static List<String> traces() {
        return database.jdbc()
                .query(
                        "select aggregateid, headers from saga_outbox order by position",
                        (row, number) -> row.getString(1) + " "
                                + HeaderCodec.decode(row.getBytes(2)).values().stream()
                                        .map(value -> new String(value, StandardCharsets.UTF_8))
                                        .reduce("", String::concat));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
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
