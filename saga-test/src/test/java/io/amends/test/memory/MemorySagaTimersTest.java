package io.amends.test.memory;

import io.amends.test.conformance.OrchestratorFixture;
import io.amends.test.conformance.SagaTimersConformance;

class MemorySagaTimersTest extends SagaTimersConformance {

    @Override
    protected OrchestratorFixture fixture() {
        return new MemoryOrchestrator();
    }
}
