package io.amends.test.simulation;

import io.amends.runtime.SagaListener;
import io.amends.runtime.Sagas;
import io.amends.runtime.participant.ParticipantDefinition;
import io.amends.runtime.participant.RedeliverySettings;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.definition.SagaRegistry;
import io.amends.test.memory.MemoryDatabase;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is simulated.
 *
 * @param application the database that all of it shares as one application; null where each service has its own
 */
record Simulated(
        Function<MemoryDatabase, SagaRegistry> registry,
        Map<String, Function<MemoryDatabase, ParticipantDefinition>> participants,
        List<BiConsumer<Sagas, RandomGenerator>> clients,
        Map<String, SimulationBuilder.Clerk> clerks,
        int processes,
        RedeliverySettings redelivery,
        Faults faults,
        Parts parts,
        PayloadCodec codec,
        List<SagaListener> listeners,
        VirtualTime time,
        @Nullable MemoryDatabase application) {}
