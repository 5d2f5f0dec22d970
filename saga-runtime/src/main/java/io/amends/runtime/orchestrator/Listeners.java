package io.amends.runtime.orchestrator;

import io.amends.runtime.SagaListener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tells the application's listeners what was committed; one that throws does not keep the others from hearing. */
record Listeners(List<SagaListener> all) {

    private static final Logger log = LoggerFactory.getLogger(SagaListener.class);

    Listeners {
        all = List.copyOf(all);
    }

    /** Tells once the transaction under way has committed, which may be the caller's. */
    void tellAfterCommit(List<SagaListener.Change> changes) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                tell(changes);
            }
        });
    }

    void tell(List<SagaListener.Change> changes) {
        for (SagaListener listener : all) {
            try {
                listener.changed(changes);
            } catch (RuntimeException thrown) {
                log.warn("{} threw on {} committed changes; sagas are not affected", listener, changes.size(), thrown);
            }
        }
    }
}
