package io.amends.runtime.orchestrator;

import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import io.amends.runtime.SagaListener;
import io.amends.runtime.observation.Milestone;
import io.amends.runtime.observation.SagaObserver;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.StoredSaga.Change;
import java.util.ArrayList;
import java.util.List;

/** The instances that one transaction moved on; stored together with their messages. Used by one thread. */
final class Batch {

    private final SagaStore store;
    private final Outbox outbox;
    private final SubSagaEnds ends;
    private final SagaObserver observer;
    private final List<SubSagaEnds.Ended> ended = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<OutboxMessage> messages = new ArrayList<>();
    private final List<SagaListener.Change> announced = new ArrayList<>();
    private final List<Milestone> milestones = new ArrayList<>();
    private final StuckLines stuck = new StuckLines();

    Batch(SagaStore store, Outbox outbox, SubSagaEnds ends, SagaObserver observer) {
        this.store = store;
        this.outbox = outbox;
        this.ends = ends;
        this.observer = observer;
    }

    void add(StoredSaga saga, Progress progress) {
        if (progress.isToBeStored()) {
            changes.add(progress.change());
            messages.addAll(progress.messages());
        }
        if (progress.hasEndedForOthers(saga.phase())) {
            ended.add(SubSagaEnds.Ended.of(saga.sagaId(), saga.name(), saga.key(), progress.state()));
        }
        if (progress.isTouched()) {
            milestones.addAll(progress.milestones());
            stuck.add(saga, progress.state());
            announced.add(new SagaListener.Change(
                    saga.sagaId(), saga.name(), saga.key(), progress.state().phase()));
        }
    }

    /**
     * Two statements, whatever the number, and three where sub-sagas ended; returns what is to be told once the
     * transaction has committed.
     */
    List<SagaListener.Change> store() {
        if (!changes.isEmpty()) {
            outbox.requireTransaction();
            store.update(changes);
            outbox.appendAll(messages);
        }
        ends.answer(ended);
        Milestones.tellAfterCommit(observer, milestones);
        stuck.tellAfterCommit();
        return announced;
    }
}
