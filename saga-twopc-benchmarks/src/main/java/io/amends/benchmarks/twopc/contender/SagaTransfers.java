package io.amends.benchmarks.twopc.contender;

import io.amends.benchmarks.twopc.process.RoleContext;
import io.amends.runtime.SagaListener;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;

/** Sagas. One has ended once its last change is committed, as its listener hears; the money has moved at both banks then. */
final class SagaTransfers implements Transfers, SagaListener {

    /** More threads than this only wait for each other on a machine of a few cores; the pool is of 20. */
    private static final int MOST_STARTERS = 16;

    private static final Logger log = LoggerFactory.getLogger(SagaTransfers.class);

    private final ConfigurableApplicationContext role;
    private final Sagas sagas;
    private volatile BiConsumer<UUID, End> ended = (id, end) -> {};

    SagaTransfers(List<String> properties) {
        this.role = RoleContext.open(TransferRole.class, "transfer", properties);
        this.sagas = role.getBean(Sagas.class);
        role.getBeanFactory().registerSingleton("endedTransfers", this);
    }

    @Override
    public void whenEnded(BiConsumer<UUID, End> listener) {
        ended = listener;
    }

    @Override
    public void begin(Transfer transfer) {
        sagas.start(MoneyTransferSaga.class, transfer, SagaKey.of(transfer.id()));
    }

    @Override
    public void changed(List<Change> changes) {
        for (Change change : changes) {
            if (change.phase() == SagaPhase.COMPLETED) {
                ended.accept(UUID.fromString(change.key()), End.COMPLETED);
            } else if (change.phase() == SagaPhase.COMPENSATED) {
                ended.accept(UUID.fromString(change.key()), End.REFUSED);
            } else if (change.phase() == SagaPhase.STUCK) {
                // It stays in flight, so that the end of the load is never reached and the benchmark tells.
                log.error("Transfer {} is stuck", change.key());
            }
        }
    }

    @Override
    public boolean lasts() {
        return true;
    }

    @Override
    public int mostStarters() {
        return MOST_STARTERS;
    }

    @Override
    public void close() {
        role.close();
    }
}
