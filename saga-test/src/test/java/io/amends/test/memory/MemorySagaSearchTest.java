package io.amends.test.memory;

import io.amends.test.conformance.OrchestratorFixture;
import io.amends.test.conformance.SagaSearchConformance;

class MemorySagaSearchTest extends SagaSearchConformance {

    @Override
    protected OrchestratorFixture fixture() {
        return new MemoryOrchestrator();
    }
}
