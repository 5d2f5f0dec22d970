package io.amends.test.memory;

import io.amends.test.conformance.OrchestratorFixture;
import io.amends.test.conformance.SagaTransactionsConformance;

class MemorySagaTransactionsTest extends SagaTransactionsConformance {

    @Override
    protected OrchestratorFixture fixture() {
        return new MemoryOrchestrator();
    }
}
