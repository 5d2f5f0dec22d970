package io.amends.test.conformance;

class PostgresSagaTransactionsTest extends SagaTransactionsConformance {

    @Override
    protected OrchestratorFixture fixture() {
        return new PostgresOrchestrator();
    }
}
