package io.amends.test.memory;

import io.amends.test.conformance.OrchestratorFixture;
import io.amends.test.conformance.WaitingRepliesConformance;

class MemoryWaitingRepliesTest extends WaitingRepliesConformance {

    @Override
    protected OrchestratorFixture fixture() {
        return new MemoryOrchestrator();
    }
}
