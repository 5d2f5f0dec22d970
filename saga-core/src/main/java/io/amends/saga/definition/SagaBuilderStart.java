package io.amends.saga.definition;

import io.amends.saga.Escalation;
import io.amends.saga.definition.SagaStages.BeforePivot;
import io.amends.saga.definition.SagaStages.Named;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The builder before the data's type is known. Not safe for use by many threads. */
final class SagaBuilderStart implements Named {
    private final String name;
    private int version = 1;
    private @Nullable Duration deadline;
    private Escalation onDeadline = Escalation.COMPENSATE;
    private boolean subSaga;

    SagaBuilderStart(String name) {
        this.name = name;
    }

    @Override
    public Named version(int number) {
        version = number;
        return this;
    }

    @Override
    public Named deadline(Duration limit) {
        deadline = limit;
        return this;
    }

    @Override
    public Named onDeadline(Escalation escalation) {
        onDeadline = escalation;
        return this;
    }

    @Override
    public Named asSubSaga() {
        subSaga = true;
        return this;
    }

    @Override
    public <D> BeforePivot<D> data(Class<D> type) {
        SagaDraft draft = new SagaDraft("saga '%s'".formatted(name), name, version);
        draft.deadline = deadline;
        draft.onDeadline = onDeadline;
        draft.subSaga = subSaga;
        return SagaBuilder.of(draft, type);
    }
}
