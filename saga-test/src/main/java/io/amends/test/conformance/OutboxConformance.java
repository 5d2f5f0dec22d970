package io.amends.test.conformance;

import static io.amends.test.conformance.Samples.bytes;
import static io.amends.test.conformance.Samples.id;
import static io.amends.test.conformance.Transactions.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.amends.outbox.MessageRefusedException;
import io.amends.outbox.NoTransactionException;
import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What every {@link Outbox} does: what commits is published, in the order of commits, and nothing else is. */
public abstract class OutboxConformance extends Conformance<OutboxFixture> {

    private Outbox outbox() {
        return on.outbox();
    }

    private static OutboxMessage message(int number) {
        return message(number, "key");
    }

    private static OutboxMessage message(int number, String key) {
        return new OutboxMessage(id(number), "parcels", key, "parcel-sent", bytes("payload"), Map.of());
    }

    private void append(int number) {
        outbox().append(message(number));
    }

    private List<Integer> committed() {
        return on.committed().stream()
                .map(message -> (int) (message.id().getLeastSignificantBits() & 0xffff))
                .toList();
    }

    @Test
    void what_a_committed_transaction_appended_is_published_in_its_order() {
        transactions.run(() -> {
            append(3);
            outbox().appendAll(List.of(message(1), message(2)));
            outbox().appendAll(List.of());
            append(4);
        });

        assertThat(committed()).containsExactly(3, 1, 2, 4);
    }

    @Test
    void a_message_is_published_as_it_was_appended() {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        headers.put("zulu", bytes("ü"));
        headers.put("alpha", new byte[0]);
        OutboxMessage message =
                new OutboxMessage(id(1), "parcels.v1", "schlüssel", "parcel-sent", new byte[] {0, -1, 127}, headers);

        transactions.run(() -> outbox().append(message));

        assertThat(on.committed()).singleElement().satisfies(published -> {
            assertThat(published.id()).isEqualTo(id(1));
            assertThat(published.topic()).isEqualTo("parcels.v1");
            assertThat(published.key()).isEqualTo("schlüssel");
            assertThat(published.type()).isEqualTo("parcel-sent");
            assertThat(published.payload()).isEqualTo(new byte[] {0, -1, 127});
            assertThat(published.headers().keySet()).containsExactly("zulu", "alpha");
            assertThat(published.headers().get("zulu")).isEqualTo(bytes("ü"));
            assertThat(published.headers().get("alpha")).isEmpty();
        });
    }

    @Test
    void nothing_of_a_rolled_back_transaction_is_published() {
        transactions.undone(() -> append(1));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> transactions.run(() -> {
                    append(2);
                    throw new IllegalStateException("no parcel today");
                }));
        transactions.run(() -> append(3));

        assertThat(committed()).containsExactly(3);
    }

    @Test
    void what_a_savepoint_undid_is_not_published() {
        transactions.run(() -> {
            append(1);
            transactions.undoneToSavepoint(() -> append(2));
            transactions.behindSavepoint(() -> append(3));
            transactions.undoneToSavepoint(() -> {
                append(4);
                transactions.behindSavepoint(() -> append(5));
            });
            append(6);
        });

        assertThat(committed()).containsExactly(1, 3, 6);
    }

    @Test
    void what_came_first_after_a_savepoint_is_undone_with_it() {
        transactions.run(() -> {
            transactions.undoneToSavepoint(() -> append(1));
            append(2);
        });

        assertThat(committed()).containsExactly(2);
    }

    @Test
    void nothing_is_published_before_its_transaction_commits() {
        transactions.run(() -> {
            append(1);
            assertThat(outcome(transactions.elsewhere(this::committed))).isEmpty();
        });

        assertThat(committed()).containsExactly(1);
    }

    @Test
    void messages_of_one_key_come_in_the_order_of_commits() {
        transactions.run(() -> {
            append(1);
            outcome(transactions.elsewhere(() -> {
                append(2);
                return true;
            }));
            append(3);
        });

        assertThat(committed()).containsExactly(2, 1, 3);
    }

    @Test
    void a_suspended_transaction_keeps_its_messages_to_itself() {
        transactions.run(() -> {
            append(1);
            transactions.between(() -> append(2));
            append(3);
        });
        transactions.undone(() -> {
            append(4);
            transactions.between(() -> append(5));
        });

        assertThat(committed()).containsExactly(2, 1, 3, 5);
    }

    @Test
    void two_that_append_at_once_lose_nothing_and_keep_their_order() {
        CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(
                () -> appendMany(100, "b"), task -> new Thread(task, "other writer").start());
        appendMany(0, "a");
        outcome(other);

        assertThat(committed()).hasSize(60);
        assertThat(committed().stream().filter(number -> number < 100))
                .isSorted()
                .hasSize(30);
        assertThat(committed().stream().filter(number -> number >= 100))
                .isSorted()
                .hasSize(30);
    }

    private boolean appendMany(int from, String key) {
        for (int i = 0; i < 30; i += 2) {
            int number = from + i;
            transactions.run(() -> outbox().appendAll(List.of(message(number, key), message(number + 1, key))));
        }
        return true;
    }

    @Test
    void without_a_transaction_nothing_can_be_appended() {
        assertThatExceptionOfType(NoTransactionException.class).isThrownBy(() -> append(1));

        assertThat(on.committed()).isEmpty();
    }

    @Test
    void a_transaction_that_may_only_read_can_not_append() {
        TransactionTemplate readOnly = new TransactionTemplate(on.transactions());
        readOnly.setReadOnly(true);

        assertThatExceptionOfType(NoTransactionException.class)
                .isThrownBy(() -> readOnly.executeWithoutResult(status -> append(1)));

        assertThat(on.committed()).isEmpty();
    }

    @Test
    void what_is_appended_just_before_the_commit_is_published() {
        transactions.run(
                () -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void beforeCommit(boolean readOnly) {
                        append(1);
                    }
                }));

        assertThat(committed()).containsExactly(1);
    }

    @Test
    void after_the_commit_nothing_can_be_appended() {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();

        transactions.run(() -> {
            append(1);
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    try {
                        append(2);
                    } catch (NoTransactionException refused) {
                        thrown.set(refused);
                    }
                }
            });
        });

        assertThat(thrown.get()).isInstanceOf(NoTransactionException.class);
        assertThat(committed()).containsExactly(1);
    }

    @Test
    void after_the_commit_a_transaction_of_its_own_can_append() {
        transactions.run(() -> {
            append(1);
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    transactions.between(() -> append(2));
                }
            });
        });

        assertThat(committed()).containsExactly(1, 2);
    }

    @Test
    void of_messages_that_could_never_be_sent_none_is_appended() {
        OutboxMessage large =
                new OutboxMessage(id(2), "parcels", "key", "parcel-sent", new byte[on.maxMessageBytes()], Map.of());
        OutboxMessage nowhere = new OutboxMessage(id(3), "no such topic!", "key", "parcel-sent", bytes("p"), Map.of());
        OutboxMessage keyless = message(4, " ");

        transactions.run(() -> {
            append(1);
            for (OutboxMessage bad : List.of(large, nowhere, keyless)) {
                assertThatExceptionOfType(MessageRefusedException.class)
                        .isThrownBy(() -> outbox().appendAll(List.of(message(5), bad)));
            }
        });

        assertThat(committed()).containsExactly(1);
    }
}
