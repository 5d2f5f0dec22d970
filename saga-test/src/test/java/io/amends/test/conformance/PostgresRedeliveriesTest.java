package io.amends.test.conformance;

class PostgresRedeliveriesTest extends RedeliveriesConformance {

    @Override
    protected ParticipantFixture fixture() {
        return new PostgresParticipant();
    }
}
