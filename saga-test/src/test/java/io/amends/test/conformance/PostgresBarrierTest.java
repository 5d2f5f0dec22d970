package io.amends.test.conformance;

class PostgresBarrierTest extends BarrierConformance {

    @Override
    protected ParticipantFixture fixture() {
        return new PostgresParticipant();
    }
}
