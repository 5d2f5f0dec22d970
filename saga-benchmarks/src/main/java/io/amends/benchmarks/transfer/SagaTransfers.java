package io.amends.benchmarks.transfer;

import io.amends.runtime.SagaListener;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;

/** Sagas of a running {@link TransferRole}. One has ended once its last change is committed, as its listener hears. */
final class SagaTransfers implements Transfers, SagaListener {

    private static final Logger log = LoggerFactory.getLogger(SagaTransfers.class);

    private final ConfigurableApplicationContext role;
    private final Sagas sagas;
    private volatile Consumer<UUID> ended = id -> {};

    SagaTransfers(ConfigurableApplicationContext role) {
        this.role = role;
        this.sagas = role.getBean(Sagas.class);
        role.getBeanFactory().registerSingleton("endedTransfers", this);
    }

    @Override
    public void whenEnded(Consumer<UUID> listener) {
        ended = listener;
    }

    @Override
    public void begin(Transfer transfer) {
        sagas.start(TransferSaga.class, transfer, SagaKey.of(transfer.id()));
    }

    @Override
    public void changed(List<Change> changes) {
        for (Change change : changes) {
            if (change.phase() == SagaPhase.COMPLETED) {
                ended.accept(UUID.fromString(change.key()));
            } else if (change.phase() != SagaPhase.RUNNING) {
                // It stays in flight, so that the end of the load is never reached and the benchmark tells.
                log.error("Transfer {} is {}, but every one must complete here", change.key(), change.phase());
            }
        }
    }

    @Override
    public void close() {
        role.close();
    }
}
