package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.SagaListener;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    private volatile @Nullable List<SagaListener> found;

    LateListeners(ObjectProvider<SagaListener> listeners) {
        this.listeners = listeners;
    }

    @Override
    public void changed(List<Change> changes) {
        for (SagaListener listener : all()) {
            try {
                listener.changed(changes);
            } catch (RuntimeException thrown) {
                log.warn("{} threw on {} committed changes; sagas are not affected", listener, changes.size(), thrown);
            }
        }
    }

    /** Looking costs more than telling; two threads that look at once find the same. */
    private List<SagaListener> all() {
        List<SagaListener> known = found;
        if (known == null) {
            known = listeners.orderedStream().toList();
            found = known;
        }
        return known;
    }
}
