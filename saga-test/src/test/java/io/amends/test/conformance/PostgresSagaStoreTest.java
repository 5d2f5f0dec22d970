package io.amends.test.conformance;

class PostgresSagaStoreTest extends SagaStoreConformance {

    @Override
    protected OrchestratorFixture fixture() {
        return new PostgresOrchestrator();
    }
}
