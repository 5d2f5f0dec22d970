package io.amends.dashboard.audit;

import io.amends.dashboard.audit.AuditEntry.Change;
import io.amends.dashboard.audit.AuditEntry.Watch;
import io.amends.outbox.failure.ErrorText;
import io.amends.runtime.sql.Arguments;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Writes what operators do, in the transaction of what they do: both are there or neither. The tables only take new lines,
 * whoever asks. Safe for use by many threads.
 */
public final class AuditLog {

    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

    private static final String APPEND = """
            with action as (
              insert into saga_console_action
                     (actor, ip, verb, arguments, saga_id, run_id, request_id, filter, reason, approved_by,
                      idempotency_key, result, explanation, seen_revision, phase_before, phase_after, revision_before,
                      revision_after, hlc_after, steps, judge_by, data_before, data_after)
              values (?, ?, ?, ?, ?::uuid, ?::uuid, ?::uuid, ?, ?, ?, ?, ?, ?, ?::bigint, ?, ?, ?::bigint, ?::bigint,
                      ?::bigint, ?::text[], clock_timestamp() + ?::bigint * interval '1 millisecond', ?, ?)
              returning action_id, at),
            settled as (
              insert into saga_console_outcome (action_id, state)
              select action_id, state from action cross join (select ?::text as state) o where state is not null),
            open as (
              insert into saga_console_unsettled (action_id) select action_id from action where ?::boolean)
            select action_id, at from action""";

    /** What a mark begins with. */
    public static final String MARK = "hmac-sha256:";

    private final JdbcOperations jdbc;
    private final Consumer<AuditLine> heard;
    private volatile byte @Nullable [] key;

    /**
     * @param jdbc the orchestrator's database
     * @param heard is told each line after its commit, on the thread that wrote it; such as a Spring publisher of events
     */
    public AuditLog(JdbcOperations jdbc, Consumer<AuditLine> heard) {
        this.jdbc = jdbc;
        this.heard = heard;
    }

    /**
     * Writes a line in the caller's transaction.
     *
     * @throws IllegalStateException if there is none
     * @throws org.springframework.dao.DuplicateKeyException if its idempotency key was used before
     */
    public AuditLine append(AuditEntry entry) {
        return append(entry, null);
    }

    /**
     * Likewise, with what was edited.
     *
     * @param edit what was put in the place of what, null for nothing
     */
    public AuditLine append(AuditEntry entry, @Nullable DataEdit edit) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            throw new IllegalStateException(
                    "A line of the audit is written in the transaction of what it tells; there is none here.");
        }
        Change change = entry.change();
        Watch watch = change == null ? null : change.watch();
        ActionState atOnce = change == null ? null : change.atOnce();
        boolean isOpen = watch != null && atOnce == null;
        AuditLine line = jdbc.query(APPEND, arguments(entry, change, watch, atOnce, isOpen, edit), (row, number) -> {
                    Instant at = Objects.requireNonNull(row.getObject("at", OffsetDateTime.class))
                            .toInstant();
                    return new AuditLine(
                            row.getLong("action_id"), at, entry, state(entry, atOnce), atOnce == null ? null : at);
                })
                .get(0);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                tell(line);
            }
        });
        return line;
    }

    /** The line under that key. */
    public Optional<AuditLine> byKey(String idempotencyKey) {
        return jdbc
                .query(
                        AuditRows.SELECT + " where a.idempotency_key = ?",
                        (row, number) -> AuditRows.line(row),
                        idempotencyKey)
                .stream()
                .findFirst();
    }

    /** The line with that number. */
    public Optional<AuditLine> line(long id) {
        return jdbc
                .query(AuditRows.SELECT + " where a.action_id = ?", (row, number) -> AuditRows.line(row), id)
                .stream()
                .findFirst();
    }

    /**
     * The line that an order left which is ordered again under the same idempotency key; empty if it is the first one, or has
     * no key. One at a time: until the transaction ends, others under the key wait, and then find what it did.
     *
     * @param key the key, null for none
     * @param subject what the order is about; what is null in it is not looked at
     * @throws KeyReusedException if the key was used for another order
     */
    public Optional<AuditLine> earlier(
            @Nullable String key, Operator operator, String verb, String arguments, AuditEntry.Subject subject) {
        if (key == null) {
            return Optional.empty();
        }
        jdbc.query("select pg_advisory_xact_lock(hashtextextended(?, 0))", row -> {}, "saga_console_action " + key);
        Optional<AuditLine> found = byKey(key);
        found.ifPresent(line -> {
            AuditEntry entry = line.entry();
            if (!entry.operator().is(operator.name())
                    || !entry.verb().equals(verb)
                    || !entry.arguments().equals(arguments)
                    || !subject.isPartOf(entry.subject())) {
                throw new KeyReusedException(key, line.id());
            }
        });
        return found;
    }

    /**
     * What tells a text from another one without telling it. It is made with a key that each installation drew for itself and no
     * page shows (HMAC-SHA256): also a short text can't be found by trying.
     */
    public String mark(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(), "HmacSHA256"));
            return MARK + HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java has HmacSHA256", impossible);
        }
    }

    private byte[] key() {
        byte[] known = key;
        if (known == null) {
            known = Objects.requireNonNull(jdbc.queryForObject("select mark_key from saga_console_key", byte[].class));
            key = known;
        }
        return known;
    }

    private static Arguments.Plain arguments(
            AuditEntry entry,
            @Nullable Change change,
            @Nullable Watch watch,
            @Nullable ActionState atOnce,
            boolean isOpen,
            @Nullable DataEdit edit) {
        AuditEntry.Subject subject = entry.subject();
        return new Arguments.Plain()
                .value(entry.operator().name())
                .value(entry.operator().address())
                .value(entry.verb())
                .value(entry.arguments())
                .value(subject.sagaId())
                .value(subject.runId())
                .value(subject.requestId())
                .value(subject.filter())
                .value(entry.reason())
                .value(entry.approvedBy())
                .value(entry.idempotencyKey())
                .value(entry.result())
                .value(entry.explanation())
                .value(change == null ? null : change.seenRevision())
                .value(change == null ? null : change.phaseBefore())
                .value(change == null ? null : change.phaseAfter())
                .value(change == null ? null : change.revisionBefore())
                .value(change == null ? null : change.revisionAfter())
                .value(watch == null ? null : watch.clock())
                .array("text", watch == null ? List.<String>of() : watch.steps(), step -> step)
                .value(watch == null ? null : watch.within().toMillis())
                .value(edit == null ? null : edit.before())
                .value(edit == null ? null : edit.after())
                .value(atOnce == null ? null : atOnce.name())
                .value(isOpen);
    }

    private static ActionState state(AuditEntry entry, @Nullable ActionState atOnce) {
        if (atOnce != null) {
            return atOnce;
        }
        return switch (entry.result()) {
            case AuditEntry.DONE -> ActionState.ACCEPTED;
            case AuditEntry.NOTED -> ActionState.NOTED;
            default -> ActionState.REFUSED;
        };
    }

    private void tell(AuditLine line) {
        try {
            heard.accept(line);
        } catch (RuntimeException thrown) {
            log.warn(
                    "A listener threw on line {} of the audit, which is written: {}",
                    line.id(),
                    ErrorText.kind(thrown));
        }
    }
}
