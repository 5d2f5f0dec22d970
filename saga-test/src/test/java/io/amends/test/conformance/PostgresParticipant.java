package io.amends.test.conformance;

import io.amends.runtime.participant.JdbcParticipantStore;
import io.amends.runtime.store.ParticipantStore;
import java.time.Duration;
import org.springframework.transaction.PlatformTransactionManager;

/** What a participant keeps in PostgreSQL. */
final class PostgresParticipant implements ParticipantFixture {

    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    public ParticipantStore store() {
        return new JdbcParticipantStore(database.jdbc);
    }

    @Override
    public PlatformTransactionManager transactions() {
        return database.transactions;
    }

    @Override
    public void timePasses(Duration duration) {
        database.timePasses(duration);
    }
}
