package io.amends.test.conformance;

class PostgresSagaSearchTest extends SagaSearchConformance {

    @Override
    protected OrchestratorFixture fixture() {
        return new PostgresOrchestrator();
    }
}
