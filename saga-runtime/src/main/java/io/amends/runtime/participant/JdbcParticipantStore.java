package io.amends.runtime.participant;

import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.OpenReplies;
import io.amends.runtime.store.ParticipantStore;
import io.amends.runtime.store.Redeliveries;
import org.springframework.jdbc.core.JdbcOperations;

/** The tables of participants in a PostgreSQL database. Safe for use by many threads. */
public final class JdbcParticipantStore implements ParticipantStore {

    private final JdbcOperations jdbc;

    /** In that database. */
    public JdbcParticipantStore(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Barrier barrier(String participant) {
        return new JdbcBarrier(jdbc, participant);
    }

    @Override
    public Redeliveries redeliveries(String participant) {
        return new JdbcRedeliveries(jdbc, participant);
    }

    @Override
    public OpenReplies openReplies() {
        return new JdbcOpenReplies(jdbc);
    }
}
