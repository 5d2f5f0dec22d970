package io.amends.sample.transfer;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Accounts that this process moves money on. The banks prepare at the same time, so their databases' locks are taken in no
 * order, and two opposite transfers would each hold what the other waits for until a timeout. Here they are taken in one
 * order, before the banks are asked. Other processes are not kept away.
 */
final class AccountLocks {

    private final ReentrantLock[] locks = new ReentrantLock[4096];

    AccountLocks() {
        Arrays.setAll(locks, number -> new ReentrantLock());
    }

    /**
     * Waits for both accounts.
     *
     * @return false if they did not become free in time; then there is nothing to give back
     */
    boolean tryLock(Transfer transfer, Duration limit) throws InterruptedException {
        ReentrantLock[] wanted = of(transfer);
        long end = System.nanoTime() + limit.toNanos();
        for (int i = 0; i < wanted.length; i++) {
            boolean locked = false;
            try {
                locked = wanted[i].tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } finally {
                if (!locked) {
                    unlock(wanted, i);
                }
            }
            if (!locked) {
                return false;
            }
        }
        return true;
    }

    /** Gives both back, in the thread that took them. */
    void unlock(Transfer transfer) {
        ReentrantLock[] held = of(transfer);
        unlock(held, held.length);
    }

    private static void unlock(ReentrantLock[] held, int count) {
        for (int i = 0; i < count; i++) {
            held[i].unlock();
        }
    }

    /** In one order; one lock alone if both accounts happen to share it. */
    private ReentrantLock[] of(Transfer transfer) {
        return Stream.of(
                        transfer.fromBank() + "/" + transfer.fromAccount(),
                        transfer.toBank() + "/" + transfer.toAccount())
                .map(account -> Math.floorMod(account.hashCode(), locks.length))
                .distinct()
                .sorted()
                .map(number -> locks[number])
                .toArray(ReentrantLock[]::new);
    }
}
