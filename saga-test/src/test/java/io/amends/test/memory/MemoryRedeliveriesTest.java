package io.amends.test.memory;

import io.amends.test.conformance.ParticipantFixture;
import io.amends.test.conformance.RedeliveriesConformance;

class MemoryRedeliveriesTest extends RedeliveriesConformance {

    @Override
    protected ParticipantFixture fixture() {
        return new MemoryParticipant();
    }
}
