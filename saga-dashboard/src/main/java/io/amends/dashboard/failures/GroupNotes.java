package io.amends.dashboard.failures;

import io.amends.dashboard.access.Masking;
import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Change;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.KeyReusedException;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.language.NotTakenException;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.stuck.StuckSaga;
import io.amends.dashboard.stuck.StuckSql;
import io.amends.runtime.sql.Arguments;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What operators write down about groups of failures: a note, who looks after it, and until when it raises no alerts. Each
 * change and its line of the audit are one transaction. Safe for use by many threads.
 */
public final class GroupNotes {

    /** How long a group can be muted at most; then somebody has to look at it again. */
    public static final Duration LONGEST_MUTE = Duration.ofDays(30);

    /** What the audit calls a change. */
    public static final String VERB = "group-note";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String LOCK_LIMIT = "2s";

    private static final String READ = """
            select group_id, revision, note, owner, case when muted_until > clock_timestamp() then muted_until end as muted_until,
                   changed_by, changed_at
              from saga_console_group where group_id = any (?::text[])""";

    /** Of two at once the second one waits for the row, and then finds another revision. */
    private static final String WRITE = """
            insert into saga_console_group as g (group_id, revision, note, owner, muted_until, changed_by)
            select ?::text, 1, ?::text, ?::text, ?::timestamptz, ?::text
             where ?::bigint = 0 or exists (select from saga_console_group where group_id = ?)
                on conflict (group_id) do update
                   set revision = g.revision + 1, note = excluded.note, owner = excluded.owner,
                       muted_until = excluded.muted_until, changed_by = excluded.changed_by, changed_at = clock_timestamp()
                 where g.revision = ?""";

    /** To the second, as forms give it back. Who looked at another revision is told that, whatever the time. */
    private static final String STANDS = """
            select exists (select from saga_console_group
                            where group_id = ? and (revision <> ? or date_trunc('second', muted_until)
                                                                     = date_trunc('second', ?::timestamptz)))""";

    private static final String MUTED_AMONG =
            """
            select i.saga_id, m.muted_until
              from unnest(?::uuid[], ?::text[]) s (saga_id, code) join saga_instance i using (saga_id)
            """ + StuckSql.AT_STEP + " join (" + MutedSql.MUTED + ") m on m.group_id = " + MutedSql.group("s.code");

    private final BoundedReads reads;
    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;
    private final AuditLog log;
    private final UnaryOperator<String> shown;

    /**
     * @param reads the console's reads
     * @param jdbc the orchestrator's database
     * @param transactions its transactions
     * @param log the audit
     * @param shown what a text is shown as to who changes it, such as one in which something is masked
     */
    public GroupNotes(
            BoundedReads reads,
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            AuditLog log,
            UnaryOperator<String> shown) {
        this.shown = shown;
        this.reads = reads;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.log = log;
    }

    /** What is written down about those groups, by their ids; nothing for those that nobody wrote about. */
    public Map<String, GroupNote> of(List<String> groupIds) {
        return reads.read(read -> notes(read, groupIds));
    }

    /** Which of those sagas are in a muted group, and until when. */
    public Map<UUID, Instant> mutedAmong(List<StuckSaga> sagas) {
        Arguments.Plain arguments = new Arguments.Plain()
                .array("uuid", sagas, StuckSaga::sagaId)
                .array("text", sagas, saga -> saga.reason().name());
        Map<UUID, Instant> muted = new HashMap<>();
        return reads.read(read -> {
            read.query(MUTED_AMONG, arguments, row -> {
                muted.put(
                        Objects.requireNonNull(row.getObject("saga_id", UUID.class)),
                        Objects.requireNonNull(instant(row, "muted_until")));
            });
            return muted;
        });
    }

    /** Either what is written down now, or why nothing was. */
    private record Written(@Nullable GroupNote note, Sentence refused) {}

    /**
     * Writes that down; a repeat under the same idempotency key changes nothing more, whatever revision it names: the first one
     * made another of it. A text that is given back as it was
     * shown, with its masked pieces, stays what it is.
     *
     * @return what it wrote down, which of a repeat is what the first one did; a text of that as it was given, and the time that
     *     of its line in the audit, once somebody has changed it since
     * @throws GroupChangedException if somebody changed it since it was looked at
     * @throws IllegalArgumentException if it is to be muted until a time that has passed, other than the one that stands there, or
     *     for too long; or if a text was
     *     changed around a masked piece, which nobody could put back
     * @throws KeyReusedException if the idempotency key was used for something else
     */
    public GroupNote write(GroupChange change) {
        Written written = Objects.requireNonNull(transaction.execute(status -> inTransaction(change)));
        GroupNote note = written.note();
        if (note == null) {
            throw new GroupChangedException(written.refused());
        }
        return note;
    }

    private Written inTransaction(GroupChange change) {
        jdbc.query("select set_config('lock_timeout', ?, true)", row -> {}, LOCK_LIMIT);
        String arguments = arguments(change);
        Optional<AuditLine> earlier =
                log.earlier(change.idempotencyKey(), change.operator(), VERB, arguments, Subject.NONE);
        if (earlier.isPresent()) {
            return new Written(written(change, earlier.get()), Sentence.NONE);
        }
        checkTime(change);
        GroupNote before = note(change.groupId());
        String text = change.text();
        String owner = change.owner();
        if (before != null && before.revision() == change.seenRevision()) {
            text = kept("note", text, before.text());
            owner = kept("owner", owner, before.owner());
        }
        Instant until = change.mutedUntil();
        int changed = jdbc.update(
                WRITE,
                change.groupId(),
                text,
                owner,
                until == null ? null : until.toString(),
                change.operator().name(),
                change.seenRevision(),
                change.groupId(),
                change.seenRevision());
        GroupNote now = note(change.groupId());
        Subject subject = new Subject(null, null, null, "group:" + change.groupId());
        if (changed == 0) {
            Sentence refused = now == null
                    ? Sentence.of(
                            "Nobody wrote anything about this group yet, so that the revision to name is 0, not %d. Nothing was changed.",
                            change.seenRevision())
                    : Sentence.of(
                            "%s changed what is written down about this group at %s, after you looked. Nothing was changed; look at it again.",
                            now.changedBy(), now.changedAt());
            Long stands = now == null ? null : now.revision();
            log.append(
                    AuditEntry.refused(change.operator(), VERB, arguments, subject, change.reason(), refused.english())
                            .changing(new Change(change.seenRevision(), null, null, stands, stands, null, null)));
            return new Written(null, refused);
        }
        long revision = Objects.requireNonNull(now).revision();
        log.append(AuditEntry.note(change.operator(), VERB, arguments, subject, change.reason())
                .under(change.idempotencyKey())
                .changing(new Change(change.seenRevision(), null, null, revision - 1, revision, null, null)));
        return new Written(now, Sentence.NONE);
    }

    /** What the first order wrote down, whatever others made of it since. */
    private @Nullable GroupNote written(GroupChange change, AuditLine first) {
        GroupNote now = note(change.groupId());
        Change did = first.entry().change();
        Long revision = did == null ? null : did.revisionAfter();
        // Lines of versions that did not note the revision tell nothing but what stands there.
        if (revision == null || (now != null && now.revision() == revision)) {
            return now;
        }
        Instant until = change.mutedUntil();
        return new GroupNote(
                revision,
                change.text(),
                change.owner(),
                until == null || !until.isAfter(first.at()) ? null : until,
                first.entry().operator().name(),
                first.at());
    }

    /** What was there, if it was given back as it was shown. */
    private @Nullable String kept(String name, @Nullable String given, @Nullable String stored) {
        if (given == null || stored == null) {
            return given;
        }
        String seen = shown.apply(stored);
        if (seen.equals(stored)) {
            return given;
        }
        if (given.equals(seen)) {
            return stored;
        }
        if (given.contains(Masking.MASK)) {
            throw new NotTakenException(Sentence.of(
                    "'%s' has a piece that is masked (%s), which would be lost. Nothing was changed. Leave the text as it is shown, or write all of it anew without the asterisks.",
                    name, Masking.MASK));
        }
        return given;
    }

    private void checkTime(GroupChange change) {
        Instant until = change.mutedUntil();
        if (until == null) {
            return;
        }
        Instant now = Objects.requireNonNull(jdbc.queryForObject("select clock_timestamp()", OffsetDateTime.class))
                .toInstant();
        if (!until.isAfter(now) && !stands(change, until)) {
            throw new NotTakenException(
                    Sentence.of("A group can't be muted until %s: that has passed. Nothing was changed.", until));
        }
        if (until.isAfter(now.plus(LONGEST_MUTE))) {
            throw new NotTakenException(Sentence.of(
                    "A group can be muted for %d days at most, not until %s. Nothing was changed.",
                    LONGEST_MUTE.toDays(), until));
        }
    }

    /** Whether that is what the operator was shown, and gives back though it has passed since. */
    private boolean stands(GroupChange change, Instant until) {
        return Boolean.TRUE.equals(
                jdbc.queryForObject(STANDS, Boolean.class, change.groupId(), change.seenRevision(), until.toString()));
    }

    private @Nullable GroupNote note(String groupId) {
        return notes(jdbc, List.of(groupId)).get(groupId);
    }

    private static Map<String, GroupNote> notes(JdbcOperations jdbc, List<String> groupIds) {
        Map<String, GroupNote> notes = new HashMap<>();
        jdbc.query(READ, new Arguments.Plain().array("text", groupIds, id -> id), row -> {
            notes.put(
                    row.getString("group_id"),
                    new GroupNote(
                            row.getLong("revision"),
                            row.getString("note"),
                            row.getString("owner"),
                            instant(row, "muted_until"),
                            row.getString("changed_by"),
                            Objects.requireNonNull(instant(row, "changed_at"))));
        });
        return notes;
    }

    private static String arguments(GroupChange change) {
        ObjectNode node = JSON.createObjectNode().put("group", change.groupId());
        Instant until = change.mutedUntil();
        return JSON.writeValueAsString(node.put("note", change.text())
                .put("owner", change.owner())
                .put("mutedUntil", until == null ? null : until.toString()));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
