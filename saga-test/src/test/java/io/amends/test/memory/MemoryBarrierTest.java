package io.amends.test.memory;

import io.amends.test.conformance.BarrierConformance;
import io.amends.test.conformance.ParticipantFixture;

class MemoryBarrierTest extends BarrierConformance {

    @Override
    protected ParticipantFixture fixture() {
        return new MemoryParticipant();
    }
}
