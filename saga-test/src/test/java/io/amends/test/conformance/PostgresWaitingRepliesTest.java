package io.amends.test.conformance;

class PostgresWaitingRepliesTest extends WaitingRepliesConformance {

    @Override
    protected OrchestratorFixture fixture() {
        return new PostgresOrchestrator();
    }
}
