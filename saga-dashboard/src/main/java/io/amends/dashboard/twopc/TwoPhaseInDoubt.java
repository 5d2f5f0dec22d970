package io.amends.dashboard.twopc;

import io.amends.twopc.InDoubtBranch;
import io.amends.twopc.InDoubtList;
import io.amends.twopc.TwoPhaseTransactions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the application's own coordinator tells. Safe for use by many threads. */
public final class TwoPhaseInDoubt implements InDoubtSource {

    /** How long an answer is told again. */
    static final Duration FRESH = Duration.ofSeconds(3);

    private final Supplier<InDoubtList> asked;
    private final Runnable settles;
    private final LongSupplier left;
    private final LongSupplier clock;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Told told;

    private record Told(InDoubt answer, long at) {}

    /** Of that coordinator; each participant has the coordinator's own time limit. */
    public TwoPhaseInDoubt(TwoPhaseTransactions transactions) {
        this(
                transactions::inDoubt,
                transactions::recover,
                () -> transactions.lastSeen().branches(),
                System::nanoTime);
    }

    /** @param clock monotonic nanoseconds */
    TwoPhaseInDoubt(Supplier<InDoubtList> asked, Runnable settles, LongSupplier left, LongSupplier clock) {
        this.asked = asked;
        this.settles = settles;
        this.left = left;
        this.clock = clock;
    }

    @Override
    public InDoubt look() {
        Told known = told;
        if (known != null && isFresh(known)) {
            return known.answer();
        }
        // One asks, and nobody waits for that: participants that are away take their time.
        if (!asking.tryLock()) {
            return known != null
                    ? known.answer()
                    : new InDoubt(true, List.of(), List.of("The participants are being asked. Ask again in a moment."));
        }
        try {
            Told since = told;
            if (since != null && isFresh(since)) {
                return since.answer();
            }
            InDoubt answer = answer(asked.get());
            told = new Told(answer, clock.getAsLong());
            return answer;
        } finally {
            asking.unlock();
        }
    }

    @Override
    public void settle() {
        settles.run();
        told = null;
    }

    @Override
    public OptionalLong number() {
        return OptionalLong.of(left.getAsLong());
    }

    private boolean isFresh(Told known) {
        return clock.getAsLong() - known.at() < FRESH.toNanos();
    }

    private static InDoubt answer(InDoubtList list) {
        return new InDoubt(
                true,
                list.branches().stream()
                        .sorted(Comparator.comparing(InDoubtBranch::age).reversed())
                        .map(TwoPhaseInDoubt::branch)
                        .toList(),
                list.away());
    }

    private static Branch branch(InDoubtBranch branch) {
        return new Branch(
                branch.gid().branch(),
                branch.gid().transaction().toString(),
                branch.gid().text(),
                branch.age(),
                branch.decision() == null ? null : branch.decision().name(),
                branch.running(),
                branch.advice());
    }
}
