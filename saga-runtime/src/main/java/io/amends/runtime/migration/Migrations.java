package io.amends.runtime.migration;

import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga;
import io.amends.runtime.store.SubSagaStore;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.definition.StepShape;
import io.amends.saga.engine.SagaEvent.Migrate;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what the engine has to know to move instances to another version: what their version was, also where no process has
 * it any more, and their data as the other version's. Takes part in the caller's transaction. Safe for use by many threads.
 */
public final class Migrations {

    private final SagaRegistry registry;
    private final SagaStore store;
    private final MigratedData data;

    /** For those definitions and that store. */
    public Migrations(SagaRegistry registry, SagaStore store, PayloadCodec codec) {
        this.registry = registry;
        this.store = store;
        this.data = new MigratedData(codec);
    }

    /**
     * What an instance would become.
     *
     * @param target the definition
     * @param data its data as that definition's; null with an obstacle
     * @param event what the engine is asked then; null with an obstacle
     * @param obstacle what stands in the way, as a sentence; null if the engine has the say
     */
    public record Plan(
            SagaDefinition target,
            @Nullable Object data,
            @Nullable Migrate event,
            @Nullable String obstacle) {}

    private record Version(String name, int version, String fingerprint) {}

    /** What each of those would become as that version; those are left out whose version is not here. */
    public Map<UUID, Plan> plan(Collection<StoredSaga> sagas, int version) {
        Map<UUID, Plan> plans = new LinkedHashMap<>();
        Set<UUID> awaited = store
                .subSagas()
                .answeredBy(sagas.stream().map(StoredSaga::sagaId).toList())
                .stream()
                .map(SubSagaStore.Link::sagaId)
                .collect(Collectors.toSet());
        Map<Version, Optional<List<StepShape>>> known = new HashMap<>();
        for (StoredSaga saga : sagas) {
            Optional<List<StepShape>> steps =
                    known.computeIfAbsent(new Version(saga.name(), saga.version(), saga.fingerprint()), this::stepsOf);
            registry.find(saga.name(), version)
                    .ifPresent(target -> plans.put(
                            saga.sagaId(),
                            steps.map(shapes -> plan(saga, target, shapes, awaited.contains(saga.sagaId())))
                                    .orElseGet(() -> refused(
                                            target,
                                            "Nobody knows what its version %d was: no process has it, and none noted it in saga_definition."
                                                    .formatted(saga.version())))));
        }
        return plans;
    }

    private Optional<List<StepShape>> stepsOf(Version of) {
        return registry.find(of.name(), of.version())
                .filter(definition -> definition.fingerprint().equals(of.fingerprint()))
                .map(StepShape::of)
                .or(() -> store.noted(of.name(), of.version(), of.fingerprint()).flatMap(StepShape::read));
    }

    private Plan plan(StoredSaga saga, SagaDefinition target, List<StepShape> steps, boolean awaited) {
        Class<?> former = registry.find(saga.name(), saga.version())
                .<Class<?>>map(SagaDefinition::dataType)
                .orElse(null);
        try {
            return new Plan(
                    target,
                    data.read(saga.data(), saga.version(), former, target),
                    new Migrate(saga.version(), steps, awaited),
                    null);
        } catch (MigratedData.NotReadException unreadable) {
            return refused(target, String.valueOf(unreadable.getMessage()));
        }
    }

    private static Plan refused(SagaDefinition target, String obstacle) {
        return new Plan(target, null, null, obstacle);
    }
}
