package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.SagaListener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Tells the application's listeners, which are looked for at the first change: so a listener may use what starts sagas.
 * One that throws does not keep the others from hearing.
 */
final class LateListeners implements SagaListener {

    private static final Logger log = LoggerFactory.getLogger(SagaListener.class);

    private final ObjectProvider<SagaListener> listeners;

    LateListeners(ObjectProvider<SagaListener> listeners) {
        this.listeners = listeners;
    }

    @Override
    public void changed(List<Change> changes) {
        for (SagaListener listener : listeners.orderedStream().toList()) {
            try {
                listener.changed(changes);
            } catch (RuntimeException thrown) {
                log.warn("{} threw on {} committed changes; sagas are not affected", listener, changes.size(), thrown);
            }
        }
    }
}
