package io.amends.runtime.flow;

import io.amends.runtime.SagaOverloadedException;
import io.amends.runtime.flow.FlowSettings.Starting;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Slows or refuses starts while too much is on its way. Safe for use by many threads. */
final class StartGate {

    private record View(FlowSettings settings, Duration outboxAge) {

        boolean isSlow() {
            return isFrom(settings.starts().slowAfter());
        }

        boolean isTooOld() {
            return isFrom(settings.starts().refuseAfter());
        }

        private boolean isFrom(@Nullable Duration limit) {
            return limit != null && outboxAge.compareTo(limit) >= 0;
        }
    }

    private static final Duration RETRY_FOR_AGE = Duration.ofSeconds(5);
    private static final Duration RETRY_FOR_NUMBER = Duration.ofSeconds(1);

    private final Map<String, Gauge> gauges = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile View view;

    StartGate(FlowSettings settings) {
        this.view = new View(settings, Duration.ZERO);
    }

    void look(FlowSettings settings, Duration outboxAge) {
        view = new View(settings, outboxAge);
        signal();
    }

    Gauge gauge(String sagaName) {
        return gauges.computeIfAbsent(sagaName, name -> new Gauge());
    }

    int waiting() {
        return waiting.get();
    }

    void begun(String sagaName) {
        gauge(sagaName).more();
    }

    void ended(String sagaName) {
        gauge(sagaName).less();
        if (waiting.get() > 0) {
            signal();
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What may be started is taken as begun, so that those who waited together do not all go on at once. */
    void beforeStart(String sagaName, boolean mayWait) {
        Gauge gauge = gauge(sagaName);
        if (view.isSlow() || refusal(sagaName, gauge) != null) {
            waiting.incrementAndGet();
            lock.lock();
            try {
                awaitTurn(sagaName, gauge, mayWait ? view.settings().starts().waitAtMost() : Duration.ZERO);
                gauge.more();
            } finally {
                lock.unlock();
                waiting.decrementAndGet();
            }
        } else {
            gauge.more();
        }
    }

    private void awaitTurn(String sagaName, Gauge gauge, Duration most) {
        long left = most.toNanos();
        for (SagaOverloadedException refusal = refusal(sagaName, gauge);
                refusal != null || view.isSlow();
                refusal = refusal(sagaName, gauge)) {
            if (left <= 0 || view.isTooOld()) {
                if (refusal != null) {
                    throw refusal;
                }
                return;
            }
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                left = 0;
            }
        }
    }

    private @Nullable SagaOverloadedException refusal(String sagaName, Gauge gauge) {
        View now = view;
        Starting starts = now.settings().starts();
        if (now.isTooOld()) {
            return new SagaOverloadedException(
                    "Saga '%s' was not started: the oldest message in saga_outbox has been waiting to be published for %s, and from %s on (saga.flow.refuse-after) nothing new is begun. See whether a relay runs and Kafka takes messages, then try again."
                            .formatted(sagaName, now.outboxAge(), starts.refuseAfter()),
                    RETRY_FOR_AGE);
        }
        Integer limit = now.settings().sagaLimits().get(sagaName);
        return limit == null || gauge.value() < limit
                ? null
                : new SagaOverloadedException(
                        "Saga '%s' was not started: %d instances of it are on their way, and %d may be (saga.flow.saga-limits.%s). Try again when some have ended."
                                .formatted(sagaName, gauge.value(), limit, sagaName),
                        RETRY_FOR_NUMBER);
    }
}
