package io.amends.test.conformance;

import static io.amends.test.conformance.Samples.NOW;
import static io.amends.test.conformance.Samples.PARCEL;
import static io.amends.test.conformance.Samples.change;
import static io.amends.test.conformance.Samples.definition;
import static io.amends.test.conformance.Samples.id;
import static io.amends.test.conformance.Samples.saga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.SagaStore.AuditEntry;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.StoredSaga.Change;
import io.amends.runtime.store.StoredSaga.StoredStep;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.StepState;
import io.amends.test.conformance.Samples.Draft;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the suites of an orchestrator's stores share. */
abstract class SagaConformance extends Conformance<OrchestratorFixture> {

    static final Duration MINUTE = Duration.ofMinutes(1);

    SagaStore store() {
        return on.sagas();
    }

    boolean insert(SagaDefinition definition, String key, Draft first) {
        Change change = first.done();
        return transactions.get(() -> store().insert(saga(definition, key, change), change, NOW));
    }

    void started(int number) {
        assertThat(insert(PARCEL, "key " + number, change(number))).isTrue();
    }

    void update(Draft... drafts) {
        transactions.run(
                () -> store().update(List.of(drafts).stream().map(Draft::done).toList()));
    }

    StoredSaga stored(int number) {
        return only(number, transactions.get(() -> store().find(List.of(id(number)))));
    }

    StoredSaga locked(int number) {
        return only(number, transactions.get(() -> store().lock(List.of(id(number)))));
    }

    private static StoredSaga only(int number, Map<UUID, StoredSaga> found) {
        assertThat(found).containsOnlyKeys(id(number));
        return found.values().iterator().next();
    }

    static StepState step(StoredSaga saga, String name) {
        StoredStep step = saga.steps().get(name);
        return Objects.requireNonNull(step, () -> name + " is not stored").state();
    }

    boolean isStored(int number) {
        return !transactions.get(() -> store().find(List.of(id(number)))).isEmpty();
    }

    static void near(@Nullable Instant actual, @Nullable Instant expected) {
        assertThat(actual).isCloseTo(expected, within(20, ChronoUnit.SECONDS));
    }

    static AuditEntry audit(int saga, String verb, @Nullable String detail) {
        return new AuditEntry(id(saga), verb, "alice", "because", detail, "DONE", "RUNNING", "STUCK");
    }
}
