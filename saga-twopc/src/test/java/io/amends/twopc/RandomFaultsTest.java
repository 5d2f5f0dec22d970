package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two coordinators and their recoveries work at once, while sessions of the banks and of the log are ended by chance, and
 * branches are taken over from coordinators that live. What each caller was told is held against what is in the databases.
 */
class RandomFaultsTest {

    private static final int WRITERS = 4;
    private static final int TRANSFERS = 60;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TwoBanks banks = TwoBanks.open();
    private final Set<Integer> committed = ConcurrentHashMap.newKeySet();
    private final Set<Integer> nothing = ConcurrentHashMap.newKeySet();

    @AfterEach
    void close() {
        banks.close();
    }

    @Test
    void every_caller_was_told_the_truth_and_no_money_is_lost() throws Exception {
        long seed = Long.getLong("twopc.seed", System.nanoTime());
        for (String bank : List.of(TwoBanks.A, TwoBanks.B)) {
            banks.jdbc(bank).execute("create table entry (id integer primary key)");
            banks.jdbc(bank).execute("update account set balance = 10000");
        }
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        TwoPhaseSettings impatient = RecoveryTest.recovering(Duration.ofMillis(5), Duration.ZERO);
        try (TwoPhaseTransactions one = banks.coordinator("one", banks.log(), Probe.NONE, impatient);
                TwoPhaseTransactions two = banks.coordinator("two", banks.log(), Probe.NONE, impatient)) {
            one.start();
            two.start();
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int first = i * TRANSFERS;
                TwoPhaseTransactions mine = i % 2 == 0 ? one : two;
                writers.add(threads.submit(() -> transferMany(mine, first)));
            }
            Random random = new Random(seed);
            while (!writers.stream().allMatch(Future::isDone)) {
                banks.terminate(List.of(TwoBanks.A, TwoBanks.B, "log").get(random.nextInt(3)));
                TimeUnit.MILLISECONDS.sleep(random.nextInt(150));
            }
            for (Future<?> writer : writers) {
                writer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
            Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
                one.recover();
                assertThat(banks.prepared()).isEmpty();
                assertThat(banks.log().unfinished(1, LIMIT)).isEmpty();
            });
            assertThat(one.heuristics()).as("seed " + seed).isEmpty();
        } finally {
            threads.shutdownNow();
        }

        Set<Integer> inA = entries(TwoBanks.A);
        assertThat(entries(TwoBanks.B)).as("seed " + seed).isEqualTo(inA);
        assertThat(inA).as("seed " + seed).containsAll(committed).doesNotContainAnyElementsOf(nothing);
        assertThat(banks.balance(TwoBanks.A)).isEqualTo(10_000 - inA.size());
        assertThat(banks.balance(TwoBanks.B)).isEqualTo(10_000 + inA.size());
        assertThat(committed).as("some get through, seed " + seed).isNotEmpty();
    }

    private Set<Integer> entries(String bank) {
        return new HashSet<>(banks.jdbc(bank).queryForList("select id from entry", Integer.class));
    }

    private Void transferMany(TwoPhaseTransactions transactions, int first) {
        for (int i = first; i < first + TRANSFERS; i++) {
            int entry = i;
            try {
                transactions.executeWithoutResult(transaction -> {
                    transaction.branch(TwoBanks.A, connection -> enter(connection, entry, -1));
                    transaction.branch(TwoBanks.B, connection -> enter(connection, entry, 1));
                });
                committed.add(i);
            } catch (TransactionInDoubtException doubt) {
                // either is right, as long as both banks agree
                continue;
            } catch (TransactionAbortedException | SQLException told) {
                nothing.add(i);
            }
        }
        return null;
    }

    private static void enter(Connection connection, int entry, long amount) throws SQLException {
        TwoBanks.add(connection, amount);
        try (PreparedStatement statement = connection.prepareStatement("insert into entry values (?)")) {
            statement.setInt(1, entry);
            statement.executeUpdate();
        }
    }
}
