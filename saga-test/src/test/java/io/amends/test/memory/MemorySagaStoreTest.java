package io.amends.test.memory;

import io.amends.test.conformance.OrchestratorFixture;
import io.amends.test.conformance.SagaStoreConformance;

class MemorySagaStoreTest extends SagaStoreConformance {

    @Override
    protected OrchestratorFixture fixture() {
        return new MemoryOrchestrator();
    }
}
