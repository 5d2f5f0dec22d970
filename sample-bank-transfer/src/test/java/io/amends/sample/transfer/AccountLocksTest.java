package io.amends.sample.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AccountLocksTest {

    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final AccountLocks locks = new AccountLocks();

    @Test
    void a_transfer_waits_for_another_one_with_either_of_its_accounts() throws InterruptedException {
        assertThat(locks.tryLock(transfer("alice", "bob"), SOON)).isTrue();

        assertThat(elsewhere(transfer("alice", "carol"), SOON)).isFalse();
        assertThat(elsewhere(transfer("carol", "bob"), SOON)).isFalse();
        assertThat(elsewhere(transfer("carol", "dave"), SOON)).isTrue();
        locks.unlock(transfer("alice", "bob"));
        assertThat(elsewhere(transfer("alice", "bob"), SOON)).isTrue();
    }

    @Test
    void one_that_got_a_single_account_gives_it_back() throws InterruptedException {
        assertThat(locks.tryLock(transfer("alice", "bob"), SOON)).isTrue();

        elsewhere(transfer("carol", "bob"), SOON);

        assertThat(elsewhere(transfer("carol", "dave"), SOON)).isTrue();
    }

    /** Else each could hold what the other waits for: whichever account somebody has, one of them would hold the other one. */
    @Test
    void opposite_transfers_take_the_same_account_first() throws InterruptedException {
        boolean bobIsFree = isFreeWhileOppositeOnesWait(transfer("y", "bob"), transfer("alice", "x"));
        boolean aliceIsFree = isFreeWhileOppositeOnesWait(transfer("alice", "y"), transfer("x", "bob"));

        assertThat(List.of(aliceIsFree, bobIsFree)).containsExactlyInAnyOrder(true, false);
    }

    private boolean isFreeWhileOppositeOnesWait(Transfer asked, Transfer holder) throws InterruptedException {
        assertThat(locks.tryLock(holder, SOON)).isTrue();
        List<Thread> waiting = Stream.of(transfer("alice", "bob"), opposite(transfer("alice", "bob")))
                .map(transfer -> new Thread(() -> lockAndUnlock(transfer, LONG)))
                .toList();
        waiting.forEach(Thread::start);
        await().atMost(LONG)
                .until(() -> waiting.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
        boolean free = elsewhere(asked, SOON);
        locks.unlock(holder);
        for (Thread thread : waiting) {
            thread.join(LONG.toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
        return free;
    }

    /** In another thread, since a thread does not wait for itself. */
    private boolean elsewhere(Transfer transfer, Duration limit) {
        return CompletableFuture.supplyAsync(() -> lockAndUnlock(transfer, limit))
                .join();
    }

    private boolean lockAndUnlock(Transfer transfer, Duration limit) {
        try {
            boolean locked = locks.tryLock(transfer, limit);
            if (locked) {
                locks.unlock(transfer);
            }
            return locked;
        } catch (InterruptedException interrupted) {
            throw new CompletionException(interrupted);
        }
    }

    private static Transfer transfer(String from, String to) {
        return new Transfer(UUID.randomUUID(), "bank-a", from, "bank-b", to, BigDecimal.ONE, null);
    }

    private static Transfer opposite(Transfer transfer) {
        return new Transfer(
                UUID.randomUUID(),
                transfer.toBank(),
                transfer.toAccount(),
                transfer.fromBank(),
                transfer.fromAccount(),
                BigDecimal.ONE,
                null);
    }
}
