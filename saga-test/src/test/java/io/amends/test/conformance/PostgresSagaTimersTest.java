package io.amends.test.conformance;

class PostgresSagaTimersTest extends SagaTimersConformance {

    @Override
    protected OrchestratorFixture fixture() {
        return new PostgresOrchestrator();
    }
}
