package io.amends.dashboard.alerts;

import io.amends.runtime.sql.Arguments;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcOperations;

/** The statements of requests to a webhook; each is a transaction of its own, unless the caller has one. */
final class DeliveryTable {

    /** How many alerts one request has at most. */
    static final int BUNDLE = 100;

    private final JdbcOperations jdbc;

    DeliveryTable(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** A request that this process may send now. */
    record Claim(UUID id, int attempt, long first, long last) {}

    /** Bundles alerts that the caller's transaction made: no other makes any meanwhile, so a first and a last name them all. */
    void add(List<Long> alertIds) {
        jdbc.update("""
                insert into saga_console_delivery (first_alert, last_alert)
                select min(alert_id), max(alert_id)
                  from (select alert_id, (row_number() over (order by alert_id) - 1) / ? as bundle
                          from unnest(?::bigint[]) alert_id) a
                 group by bundle""", new Arguments.Plain().value(BUNDLE).array("bigint", alertIds, Function.identity()));
    }

    /** Takes the one that is due longest, for that long: nobody else sends it meanwhile. If this process dies it is due then. */
    Optional<Claim> claim(Duration held) {
        return jdbc
                .query(
                        """
                        update saga_console_delivery d
                           set attempts = d.attempts + 1, next_at = clock_timestamp() + ? * interval '1 millisecond'
                         where d.delivery_id = (
                               select c.delivery_id from saga_console_delivery c
                                where c.state = 'OPEN' and c.next_at <= clock_timestamp()
                                order by c.next_at, c.first_alert limit 1 for update skip locked)
                        returning d.delivery_id, d.attempts, d.first_alert, d.last_alert""",
                        (row, number) -> new Claim(
                                Objects.requireNonNull(row.getObject("delivery_id", UUID.class)),
                                row.getInt("attempts"),
                                row.getLong("first_alert"),
                                row.getLong("last_alert")),
                        held.toMillis())
                .stream()
                .findFirst();
    }

    List<Alert> alerts(Claim claim) {
        return jdbc.query(
                "select * from saga_console_alert where alert_id between ? and ? order by alert_id",
                (row, number) -> AlertRows.alert(row),
                claim.first(),
                claim.last());
    }

    void delivered(Claim claim) {
        jdbc.update(
                "update saga_console_delivery set state = 'DELIVERED', trouble = null, ended_at = clock_timestamp() where delivery_id = ?",
                claim.id());
    }

    /** Unless somebody else tried it meanwhile, who knows better. */
    void again(Claim claim, Duration pause, String trouble) {
        jdbc.update("""
                update saga_console_delivery
                   set trouble = ?, next_at = clock_timestamp() + ? * interval '1 millisecond'
                 where delivery_id = ? and attempts = ? and state = 'OPEN'""", trouble, pause.toMillis(), claim.id(), claim.attempt());
    }

    void givenUp(Claim claim, String trouble) {
        jdbc.update("""
                update saga_console_delivery set state = 'GIVEN_UP', trouble = ?, ended_at = clock_timestamp()
                 where delivery_id = ? and attempts = ? and state = 'OPEN'""", trouble, claim.id(), claim.attempt());
    }
}
