package io.amends.test.simulation;

import io.amends.runtime.Sagas;
import io.amends.runtime.participant.RedeliverySettings;
import io.amends.saga.definition.SagaRegistry;
import io.amends.test.memory.MemoryDatabase;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** What is simulated. */
record Simulated(
        Function<MemoryDatabase, SagaRegistry> registry,
        Map<String, Function<MemoryDatabase, Object>> participants,
        List<BiConsumer<Sagas, RandomGenerator>> clients,
        Map<String, SimulationBuilder.Clerk> clerks,
        int processes,
        RedeliverySettings redelivery,
        Faults faults,
        Parts parts) {}
