package io.amends.sample.transfer;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void opposite_transfers_do_not_wait_for_each_other_for_ever() {
        List<CompletableFuture<Void>> both = Stream.of(transfer("alice", "bob"), opposite(transfer("alice", "bob")))
                .map(transfer -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        assertThat(lockAndUnlock(transfer, LONG)).isTrue();
                    }
                }))
                .toList();

        assertThat(both).allSatisfy(one -> assertThat(one).succeedsWithin(LONG));
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
