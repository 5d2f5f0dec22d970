package io.amends.test.conformance;

class PostgresAskedAnewTest extends AskedAnewConformance {

    @Override
    protected ParticipantFixture fixture() {
        return new PostgresParticipant();
    }
}
