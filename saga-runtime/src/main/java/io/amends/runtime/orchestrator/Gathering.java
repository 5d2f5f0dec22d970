package io.amends.runtime.orchestrator;

import io.amends.outbox.failure.ErrorText;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that want the same kind of thing at the same moment have it done together, by one of them: whoever comes first
 * begins at once, and what comes meanwhile is done together next. Nobody waits for others to come. Known as group commit.
 * What fails together is left to each, as is what nobody has begun with for a while. Safe for use by many threads.
 *
 * @param <T> what is to be done
 * @param <R> what comes of it
 */
final class Gathering<T, R> {

    private static final Logger log = LoggerFactory.getLogger(Gathering.class);

    private final Limits limits;
    private final ToLongFunction<T> weight;
    private final Function<List<T>, List<R>> together;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Wish<T, R>> waiting = new ArrayDeque<>();
    private boolean busy;

    /**
     * @param limits how much is done together
     * @param weight of a thing
     * @param together does them, on the thread of one of the callers, and returns what came of each, in their order
     */
    Gathering(Limits limits, ToLongFunction<T> weight, Function<List<T>, List<R>> together) {
        this.limits = limits;
        this.weight = weight;
        this.together = together;
    }

    /**
     * How much is done together.
     *
     * @param most the most things, at least 1
     * @param weight what they may weigh together; one that is alone may weigh more
     * @param patience how long a thing waits for its turn at most
     */
    record Limits(int most, long weight, Duration patience) {}

    private enum State {
        WAITING,
        LEADS,
        UNDER_WAY,
        OVER
    }

    private static final class Wish<T, R> {
        private final T thing;
        private final Condition changed;
        private State state = State.WAITING;
        private @Nullable R result;
        private boolean interrupted;

        Wish(T thing, Condition changed) {
            this.thing = thing;
            this.changed = changed;
        }

        void become(State next) {
            state = next;
            changed.signal();
        }
    }

    /**
     * What came of it; empty if the caller has to do it by itself, because it failed together with others or nobody began
     * with it.
     *
     * @throws RuntimeException what was thrown if no others were there
     */
    Optional<R> join(T thing) {
        Wish<T, R> wish = await(thing);
        try {
            if (wish.state == State.LEADS) {
                // Also if it was interrupted right after it was told to lead, when its wait ends without an exception.
                wish.interrupted |= Thread.interrupted();
                lead();
            }
        } finally {
            if (wish.interrupted) {
                // Not before: an interrupted leader might get no connection, and the others have not been interrupted.
                Thread.currentThread().interrupt();
            }
        }
        return Optional.ofNullable(wish.result);
    }

    /** The thing, once it leads or is over. */
    private Wish<T, R> await(T thing) {
        lock.lock();
        try {
            Wish<T, R> wish = new Wish<>(thing, lock.newCondition());
            waiting.add(wish);
            if (!busy) {
                busy = true;
                wish.state = State.LEADS;
            }
            long left = limits.patience().toNanos();
            while (wish.state == State.WAITING || wish.state == State.UNDER_WAY) {
                try {
                    if (wish.state == State.UNDER_WAY) {
                        // As long as the leader's transaction takes, like one of its own: its outcome is not known
                        // before.
                        wish.changed.await(1, TimeUnit.SECONDS);
                    } else if (left > 0) {
                        left = wish.changed.awaitNanos(left);
                    } else {
                        waiting.remove(wish);
                        wish.state = State.OVER;
                    }
                } catch (InterruptedException asked) {
                    wish.interrupted = true;
                }
            }
            return wish;
        } finally {
            lock.unlock();
        }
    }

    private void lead() {
        List<Wish<T, R>> group = take();
        List<R> results = List.of();
        try {
            results = together.apply(group.stream().map(wish -> wish.thing).toList());
        } catch (RuntimeException thrown) {
            if (group.size() == 1) {
                throw thrown;
            }
            log.info("{} that were done together are done one by one: {}", group.size(), ErrorText.of(thrown));
        } finally {
            end(group, results);
        }
    }

    private List<Wish<T, R>> take() {
        lock.lock();
        try {
            List<Wish<T, R>> group = new ArrayList<>();
            long weighs = 0;
            while (group.size() < limits.most() && !waiting.isEmpty()) {
                weighs += weight.applyAsLong(waiting.getFirst().thing);
                if (!group.isEmpty() && weighs > limits.weight()) {
                    break;
                }
                Wish<T, R> wish = waiting.removeFirst();
                wish.become(State.UNDER_WAY);
                group.add(wish);
            }
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void end(List<Wish<T, R>> group, List<R> results) {
        lock.lock();
        try {
            for (int i = 0; i < group.size(); i++) {
                Wish<T, R> wish = group.get(i);
                wish.result = results.isEmpty() ? null : results.get(i);
                wish.become(State.OVER);
            }
            Wish<T, R> next = waiting.peekFirst();
            if (next == null) {
                busy = false;
            } else {
                next.become(State.LEADS);
            }
        } finally {
            lock.unlock();
        }
    }
}
