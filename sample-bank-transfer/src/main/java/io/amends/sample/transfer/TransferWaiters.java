package io.amends.sample.transfer;

import io.amends.runtime.SagaListener;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * Requests that wait for a transfer to end. They hold no thread. A committed change leads to a look at the transfers
 * that changed; a look at all of them together, four times a second, finds those that another process ended.
 */
@Component
class TransferWaiters implements SagaListener, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(TransferWaiters.class);
    private static final long LOOK_EVERY_MILLIS = 250;

    private final ObjectProvider<TransferDesk> desk;
    private final int most;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean lookDue = new AtomicBoolean();
    private final Set<UUID> due = ConcurrentHashMap.newKeySet();
    private final Map<UUID, List<DeferredResult<TransferView>>> waiters = new ConcurrentHashMap<>();
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "transfer-waiters"));

    TransferWaiters(ObjectProvider<TransferDesk> desk, TransferProperties properties) {
        this.desk = desk;
        this.most = properties.maxWaiters();
        looks.scheduleWithFixedDelay(this::lookAtAll, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Whether no further request may wait. */
    boolean isFull() {
        return waiting.get() >= most;
    }

    /** Answers once the transfer has ended or is stuck, or with how it stands after that time. */
    DeferredResult<TransferView> await(UUID id, Duration time) {
        DeferredResult<TransferView> result = new DeferredResult<>(time.toMillis());
        waiting.incrementAndGet();
        waiters.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>()).add(result);
        result.onTimeout(() -> answerAsItStands(id, result));
        result.onCompletion(() -> {
            waiting.decrementAndGet();
            waiters.computeIfPresent(id, (key, all) -> {
                all.remove(result);
                return all.isEmpty() ? null : all;
            });
        });
        lookSoon(List.of(id));
        return result;
    }

    private void answerAsItStands(UUID id, DeferredResult<TransferView> result) {
        try {
            result.setResult(desk.getObject().find(id));
        } catch (RuntimeException failed) {
            result.setErrorResult(failed);
        }
    }

    @Override
    public void changed(List<Change> changes) {
        lookSoon(changes.stream()
                .filter(change -> isSettled(change.phase()))
                .map(change -> UUID.fromString(change.key()))
                .filter(waiters::containsKey)
                .toList());
    }

    /** A transfer that is no saga has changed. */
    void changed(UUID id) {
        if (waiters.containsKey(id)) {
            lookSoon(List.of(id));
        }
    }

    private void lookSoon(List<UUID> ids) {
        due.addAll(ids);
        if (!ids.isEmpty() && lookDue.compareAndSet(false, true)) {
            looks.execute(this::lookAtDue);
        }
    }

    private void lookAtDue() {
        lookDue.set(false);
        List<UUID> ids = List.copyOf(due);
        ids.forEach(due::remove);
        lookAt(ids);
    }

    private void lookAtAll() {
        lookAt(List.copyOf(waiters.keySet()));
    }

    private void lookAt(List<UUID> ids) {
        if (ids.isEmpty()) {
            return;
        }
        try {
            Set<UUID> absent = new HashSet<>(ids);
            for (TransferView view : desk.getObject().findAll(ids)) {
                absent.remove(view.transferId());
                if (view.hasEnded()) {
                    waitingFor(view.transferId()).forEach(result -> result.setResult(view));
                }
            }
            absent.forEach(id -> waitingFor(id).forEach(result -> result.setErrorResult(TransferDesk.noTransfer(id))));
        } catch (RuntimeException away) {
            log.warn("Waiting requests could not be looked after, the next look tries again: {}", away.toString());
        }
    }

    private List<DeferredResult<TransferView>> waitingFor(UUID id) {
        return waiters.getOrDefault(id, List.of());
    }

    private static boolean isSettled(SagaPhase phase) {
        return phase.isTerminal() || phase == SagaPhase.STUCK;
    }

    @Override
    public void destroy() {
        looks.shutdownNow();
    }
}
