package io.amends.test.memory;

import io.amends.test.conformance.AskedAnewConformance;
import io.amends.test.conformance.ParticipantFixture;

class MemoryAskedAnewTest extends AskedAnewConformance {

    @Override
    protected ParticipantFixture fixture() {
        return new MemoryParticipant();
    }
}
