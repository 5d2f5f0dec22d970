package io.amends.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditsTest {

    private final TestDatabase database = TestDatabase.migrated();
    private final Audits audits = new Audits(new RelayConnections(database.dataSource()));

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void lines_older_than_the_retention_are_deleted_a_bounded_number_at_once_and_younger_ones_stay()
            throws SQLException {
        note(10_005, "401 days");
        note(3, "399 days");

        assertThat(audits.forget(Audits.RETENTION)).isEqualTo(10_000);
        assertThat(audits.forget(Audits.RETENTION)).isEqualTo(5);
        assertThat(audits.forget(Audits.RETENTION)).isZero();
        assertThat(database.count("saga_outbox_audit")).isEqualTo(3);
        assertThat(audits.forget(Duration.ofDays(398))).isEqualTo(3);
    }

    private void note(int lines, String age) {
        database.jdbc().update("""
                insert into saga_outbox_audit (at, verb, operator, why, position, message_id, aggregatetype, aggregateid, type)
                select clock_timestamp() - ?::interval, 'unpark', 'ann', 'because', n, gen_random_uuid(), 't', 'k', 'noted'
                  from generate_series(1, ?) n""", age, lines);
    }
}
