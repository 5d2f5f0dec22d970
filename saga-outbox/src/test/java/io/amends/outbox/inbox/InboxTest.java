package io.amends.outbox.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.outbox.NoTransactionException;
import io.amends.outbox.TestDatabase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class InboxTest {

    private static TestDatabase database;

    private final Inbox inbox = new Inbox(database.jdbc());

    @BeforeAll
    static void open() {
        database = TestDatabase.migrated();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void a_message_is_claimed_once_for_each_consumer() {
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        assertThat(claim("billing", first)).containsExactly(first);
        assertThat(claim("billing", first, second)).containsExactly(second);
        assertThat(claim("shipping", first)).containsExactly(first);
    }

    @Test
    void an_id_that_a_poll_holds_twice_is_claimed_once() {
        UUID id = UUID.randomUUID();
        assertThat(claim("twice", id, id)).containsExactly(id);
    }

    @Test
    void a_claim_is_undone_with_the_transaction_of_the_effect() {
        UUID id = UUID.randomUUID();
        database.transaction().executeWithoutResult(status -> {
            assertThat(inbox.claim("undone", List.of(id))).containsExactly(id);
            status.setRollbackOnly();
        });
        assertThat(claim("undone", id)).containsExactly(id);
    }

    @Test
    void outside_a_transaction_a_claim_is_refused() {
        assertThatThrownBy(() -> inbox.claim("billing", List.of(UUID.randomUUID())))
                .isInstanceOf(NoTransactionException.class)
                .hasMessageContaining("Claim in the transaction of the effect");
    }

    @Test
    void in_a_transaction_on_another_data_source_a_claim_is_refused() {
        try (TestDatabase elsewhere = TestDatabase.empty()) {
            UUID id = UUID.randomUUID();
            assertThatThrownBy(() -> elsewhere
                            .transaction()
                            .executeWithoutResult(status -> inbox.claim("elsewhere", List.of(id))))
                    .isInstanceOf(NoTransactionException.class)
                    .hasMessageContaining("not on the inbox's DataSource");
            assertThat(claim("elsewhere", id)).containsExactly(id);
        }
    }

    @Test
    void nothing_is_asked_for_nothing() {
        assertThat(claim("billing")).isEmpty();
    }

    @Test
    void eight_threads_that_get_the_same_messages_in_any_order_claim_each_exactly_once() throws Exception {
        List<UUID> ids = Stream.generate(UUID::randomUUID).limit(200).toList();
        long seed = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<List<UUID>>> claims = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                Random random = new Random(seed + thread);
                claims.add(threads.submit(() -> {
                    List<UUID> mine = new ArrayList<>();
                    for (int round = 0; round < 40; round++) {
                        List<UUID> poll = new ArrayList<>(ids);
                        Collections.shuffle(poll, random);
                        mine.addAll(claim("contended", poll.subList(0, 60).toArray(UUID[]::new)));
                    }
                    mine.addAll(claim("contended", ids.toArray(UUID[]::new)));
                    return mine;
                }));
            }
            List<UUID> all = new ArrayList<>();
            for (Future<List<UUID>> claimed : claims) {
                all.addAll(claimed.get(60, TimeUnit.SECONDS));
            }
            assertThat(all).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(ids);
        } finally {
            threads.shutdownNow();
        }
    }

    private Set<UUID> claim(String consumer, UUID... ids) {
        Set<UUID> claimed = database.transaction().execute(status -> inbox.claim(consumer, List.of(ids)));
        return claimed == null ? Set.of() : claimed;
    }
}
