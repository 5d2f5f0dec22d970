package io.amends.runtime.orchestrator;

import io.amends.runtime.store.StoredSaga;
import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.SagaState;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Says in the log which sagas one transaction made stuck, so that somebody without the console learns of them. Used by one
 * thread and thrown away.
 */
final class StuckLines {

    /** What has broken a whole poll breaks the next one too. */
    private static final int MOST = 10;

    private static final Logger log = LoggerFactory.getLogger("io.amends.runtime.stuck");

    private final List<Line> lines = new ArrayList<>();
    private int others;

    private record Line(StoredSaga saga, String code) {}

    /** Remembers it if it was not stuck and is now. */
    void add(StoredSaga before, SagaState now) {
        if (now.phase() != SagaPhase.STUCK || before.phase() == SagaPhase.STUCK) {
            return;
        }
        if (lines.size() < MOST) {
            lines.add(new Line(before, String.valueOf(now.reasonCode())));
        } else {
            others++;
        }
    }

    /** Tells of them once the running transaction has committed. */
    void tellAfterCommit() {
        if (lines.isEmpty()) {
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                tell();
            }
        });
    }

    private void tell() {
        // Neither the reason, which may quote what the application's code threw, nor the key, which is the
        // application's.
        for (Line line : lines) {
            log.warn(
                    "Saga {} ({}) is STUCK with {} and waits for an operator; its reason is in saga_instance and on the console",
                    line.saga().sagaId(),
                    line.saga().name(),
                    line.code());
        }
        if (others > 0) {
            log.warn("{} more sagas became STUCK in the same transaction", others);
        }
    }
}
