package io.amends.runtime.retention;

import io.amends.runtime.TestDatabase;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Rows as sagas leave them behind, of any age. */
final class Rows {

    private final TestDatabase database;

    Rows(TestDatabase database) {
        this.database = database;
    }

    /** As the starter makes them: of version 7. */
    static UUID idOf(Duration age) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long millis = System.currentTimeMillis() - age.toMillis();
        return new UUID(millis << 16 | 0x7000 | random.nextInt(0x1000), random.nextLong() >>> 2 | Long.MIN_VALUE);
    }

    /** An instance with two steps and three lines of history, that has not changed for that long. */
    UUID saga(String phase, Duration age) {
        UUID id = idOf(age.plusHours(1));
        database.jdbc().update("""
                insert into saga_instance (saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase, data,
                                           row_version, message_sequence, hlc, created_at, updated_at)
                values (?, 'place-order', 1, 'f', ?, '', ?, '{}', 3, 2, 3,
                        clock_timestamp() - ? * interval '1 second', clock_timestamp() - ? * interval '1 second')""", id, id.toString(), phase, age.toSeconds(), age.toSeconds());
        database.jdbc()
                .update(
                        "insert into saga_step (saga_id, step, status, attempts) select ?, s, 'SUCCEEDED', 1 from unnest(array['one', 'two']) s",
                        id);
        database.jdbc()
                .update(
                        "insert into saga_history (saga_id, hlc, event, disposition, phase) select ?, n, 'Replied', 'ACCEPTED', 'RUNNING' from generate_series(1, 3) n",
                        id);
        return id;
    }

    UUID saga(String phase, int days) {
        return saga(phase, Duration.ofDays(days));
    }

    void child(UUID child, UUID parent) {
        database.jdbc()
                .update(
                        "insert into saga_sub_saga (saga_id, role, parent_id, parent_name, parent_step) values (?, 'CHILD', ?, 'trip', 'book')",
                        child,
                        parent);
    }

    void command(String participant, UUID saga, String step, String kind, int days, @Nullable String outcome) {
        database.jdbc().update("""
                insert into saga_inbox_command (participant, saga_id, step, kind, outcome, reply_type, reply, message_id, received_at)
                values (?, ?, ?, ?, ?, 'done', '{}', ?, clock_timestamp() - ? * interval '1 day')""", participant, saga, step, kind, outcome, UUID.randomUUID(), days);
    }

    void action(String participant, UUID saga, int days) {
        command(participant, saga, "one", "action", days, "SUCCESS");
    }

    boolean exists(UUID saga) {
        return rows("saga_instance", saga) > 0;
    }

    long rows(String table, UUID saga) {
        return database.number("select count(*) from " + table + " where saga_id = ?", saga);
    }
}
