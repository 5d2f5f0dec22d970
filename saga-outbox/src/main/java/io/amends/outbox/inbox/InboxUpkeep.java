package io.amends.outbox.inbox;

import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.failure.Infrastructure;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps the inbox's partitions: makes those of the next days, drops those whose ids are older than the retention, and deletes
 * what has no day by its time of receipt, where consumers were in topics that were made anew since, and what operators did more
 * than a year ago. Where somebody holds a lock it leaves off until the next time; consumers wait for
 * it at most for {@code lockTimeout}. Safe for use by many threads and processes.
 */
public final class InboxUpkeep {

    private static final Logger log = LoggerFactory.getLogger(InboxUpkeep.class);
    private static final int DAYS_AHEAD = 3;
    private static final int DELETED_AT_ONCE = 10_000;
    private static final Pattern DAY = Pattern.compile("saga_inbox_(\\d{8})");
    private static final String NOT_ALLOWED = "42501";
    private static final Duration AUDIT_RETENTION = Duration.ofDays(365);

    /**
     * Of a topic that was made anew since: nobody can be given records of the former one any more, and who still holds some
     * finds no row to move on and is refused. Not of one that is merely quiet: how far it was read is what recognises its
     * records when Kafka has lost the group's offsets. Nor of one that is gone: from here it looks like a quiet one, and the
     * Kafka that could tell may be another cluster for a while.
     */
    private static final String REPLACED = """
            moved_at < clock_timestamp() - ? * interval '1 millisecond'
            and exists (select 1 from saga_inbox_partition newer
                         where newer.consumer = saga_inbox_partition.consumer
                           and newer.topic = saga_inbox_partition.topic
                           and newer.topic_id <> saga_inbox_partition.topic_id
                           and newer.moved_at > saga_inbox_partition.moved_at
                           and newer.next_offset > 0)""";

    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;
    private final Duration retention;
    private final Duration lockTimeout;
    private boolean told;

    /**
     * @param retention how long ids are remembered, from the time in them
     * @param lockTimeout how long a lock is waited for, and with it every consumer behind; keep it short
     */
    public InboxUpkeep(
            JdbcOperations jdbc, PlatformTransactionManager transactions, Duration retention, Duration lockTimeout) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.retention = retention;
        this.lockTimeout = lockTimeout;
    }

    /**
     * Looks after the partitions once, by the database's clock.
     *
     * @return what was done, for logs: empty most of the time
     */
    public List<String> run() {
        return run(transaction.execute(status ->
                Instant.ofEpochMilli(number("select (date_part('epoch', clock_timestamp()) * 1000)::bigint"))));
    }

    /** Likewise; which days there have to be is counted from that moment. */
    synchronized List<String> run(Instant now) {
        List<String> done = new ArrayList<>();
        LocalDate first = now.minus(retention).atZone(ZoneOffset.UTC).toLocalDate();
        LocalDate last = now.atZone(ZoneOffset.UTC).toLocalDate().plusDays(DAYS_AHEAD);
        Set<LocalDate> days = transaction.execute(status -> days());
        for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
            LocalDate missing = day;
            if (!days.contains(missing)) {
                unlessBusy("made " + table(missing), missing, false, done, () -> make(missing));
            }
        }
        for (LocalDate day : days) {
            if (day.isBefore(first)) {
                unlessBusy(
                        "dropped " + table(day),
                        day,
                        true,
                        done,
                        () -> jdbc.execute("drop table if exists " + table(day)));
            }
        }
        for (String rest : List.of("saga_inbox_default", "saga_inbox_other")) {
            delete(rest, "received_at < clock_timestamp() - ? * interval '1 millisecond'", retention, done);
        }
        delete("saga_inbox_partition", REPLACED, retention, done);
        delete("saga_inbox_audit", "at < clock_timestamp() - ? * interval '1 millisecond'", AUDIT_RETENTION, done);
        return done;
    }

    /** The days that have a partition. */
    private Set<LocalDate> days() {
        Set<LocalDate> days = new TreeSet<>();
        for (String name : jdbc.queryForList(
                "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'saga_inbox'::regclass",
                String.class)) {
            var day = DAY.matcher(name);
            if (day.matches()) {
                days.add(LocalDate.parse(day.group(1), DateTimeFormatter.BASIC_ISO_DATE));
            }
        }
        return days;
    }

    /** Ids of that day that came before it had a partition move into it. Names and bounds are made of dates alone. */
    private void make(LocalDate day) {
        UUID from = firstId(day);
        UUID to = firstId(day.plusDays(1));
        jdbc.execute("lock table saga_inbox_default in access exclusive mode");
        jdbc.execute("create table if not exists %s (like saga_inbox including all)".formatted(table(day)));
        jdbc.update("""
                with moved as (delete from saga_inbox_default where message_id >= ? and message_id < ?
                               returning consumer, message_id, received_at)
                insert into %s (consumer, message_id, received_at) select * from moved""".formatted(table(day)), from, to);
        jdbc.execute("alter table saga_inbox attach partition %s for values from ('%s') to ('%s')"
                .formatted(table(day), from, to));
    }

    /** The smallest id whose first 48 bits, milliseconds since 1970, are that midnight. */
    static UUID firstId(LocalDate day) {
        return new UUID(day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() << 16, 0);
    }

    /** Tables and conditions are this class's own texts. */
    private void delete(String table, String condition, Duration age, List<String> done) {
        long all = 0;
        int deleted;
        do {
            Integer some = transaction.execute(
                    status -> jdbc.update("""
                    delete from %1$s where ctid = any(array(
                      select ctid from %1$s where %2$s limit ?))""".formatted(table, condition), age.toMillis(), DELETED_AT_ONCE));
            deleted = some == null ? 0 : some;
            all += deleted;
        } while (deleted == DELETED_AT_ONCE);
        if (all > 0) {
            done.add("deleted %d of %s".formatted(all, table));
        }
    }

    private void unlessBusy(String what, LocalDate day, boolean present, List<String> done, Runnable change) {
        try {
            transaction.executeWithoutResult(status -> {
                jdbc.queryForObject(
                        "select set_config('lock_timeout', ?, true)", String.class, lockTimeout.toMillis() + "ms");
                // One process at a time; what it has done in between is there.
                if (Boolean.TRUE.equals(jdbc.queryForObject(
                                "select pg_try_advisory_xact_lock(hashtextextended('saga_inbox', 0))", Boolean.class))
                        && days().contains(day) == present) {
                    change.run();
                    done.add(what);
                }
            });
        } catch (DataAccessException trouble) {
            done.remove(what);
            if (trouble.getRootCause() instanceof SQLException sql && NOT_ALLOWED.equals(sql.getSQLState())) {
                tellOnce();
            } else if (Infrastructure.lostRace(trouble)) {
                log.debug("The inbox's partitions are left until the next time: {}", ErrorText.of(trouble));
            } else {
                throw trouble;
            }
        }
    }

    private void tellOnce() {
        if (!told) {
            told = true;
            log.warn(
                    "This role may not make or drop partitions of saga_inbox. All ids go to saga_inbox_default then, which is cleared up by deleting; that works, but costs more. Let the role own saga_inbox, or run an InboxUpkeep with one that does, daily.");
        }
    }

    private long number(String sql) {
        Long number = jdbc.queryForObject(sql, Long.class);
        return number == null ? 0 : number;
    }

    private static String table(LocalDate day) {
        return "saga_inbox_" + DateTimeFormatter.BASIC_ISO_DATE.format(day);
    }
}
