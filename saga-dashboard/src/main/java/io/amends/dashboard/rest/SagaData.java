package io.amends.dashboard.rest;

import io.amends.dashboard.access.Masking;
import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.DataEdit;
import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.instance.SagaView;
import io.amends.dashboard.instance.TimelineEntry;
import io.amends.runtime.migration.MigrationLine;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.Disposition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A saga's data as text. Safe for use by many threads. */
public final class SagaData {

    private static final int LONGEST = 64 * 1024;

    /** One that no process has, so that everything is masked. */
    private static final int NO_VERSION = 0;

    private final BoundedReads reads;
    private final SagaRegistry registry;
    private final PayloadCodec codec;
    private final Masking masking;
    private final AuditLog log;
    private final TransactionTemplate transaction;

    /**
     * @param reads reads of the orchestrator's database
     * @param registry the definitions that this process has; it masks all data of others
     * @param codec what data is written with; only JSON is shown
     * @param masking what nobody sees without asking
     * @param log where it is noted who saw it unmasked
     * @param transactions of the orchestrator's database
     */
    public SagaData(
            BoundedReads reads,
            SagaRegistry registry,
            PayloadCodec codec,
            Masking masking,
            AuditLog log,
            PlatformTransactionManager transactions) {
        this.reads = reads;
        this.registry = registry;
        this.codec = codec;
        this.masking = masking;
        this.log = log;
        this.transaction = new TransactionTemplate(transactions);
    }

    private record Stored(String name, int version, byte[] data) {}

    /** Without what is masked; empty if there is no such saga. */
    Optional<String> masked(UUID sagaId) {
        return stored(sagaId)
                .map(saga -> isJson()
                        ? masked(saga.name(), saga.version(), new String(saga.data(), StandardCharsets.UTF_8))
                        : told(saga.data()));
    }

    private String masked(String name, int version, String json) {
        return shortened(registry.find(name, version).isPresent() ? masking.text(json) : masking.everything(json));
    }

    /**
     * What an order edited, without what is masked: all of it where nobody here knows what it held then.
     *
     * @param sagaId the saga, null for a message of which the masked names are all that is known
     * @param actionId the order's line of the audit
     */
    DataEdit masked(@Nullable UUID sagaId, long actionId, DataEdit edit) {
        UnaryOperator<String> told = sagaId == null
                ? json -> shortened(masking.text(json))
                : whenEdited(actionId)
                        .<UnaryOperator<String>>map(then -> json -> masked(then.saga(), then.version(), json))
                        .orElse(json -> shortened(masking.everything(json)));
        return new DataEdit(told.apply(edit.before()), told.apply(edit.after()));
    }

    private record Version(String saga, int version) {}

    /** Of which version the saga was that was edited: the one that the next move led away from, or the present one. */
    private Optional<Version> whenEdited(long actionId) {
        return reads
                .read(jdbc -> jdbc.query(
                        """
                        select i.saga_name, i.saga_version, m.saga_id is not null as moved, m.detail
                          from saga_console_action a
                          join saga_instance i using (saga_id)
                          left join lateral (
                            select h.saga_id, h.detail from saga_history h
                             where h.saga_id = a.saga_id and h.hlc > a.hlc_after and h.event = ?
                               and h.disposition = 'ACCEPTED'
                             order by h.hlc limit 1) m on true
                         where a.action_id = ? and a.hlc_after is not null""",
                        (row, number) -> new Version(
                                row.getString("saga_name"),
                                row.getBoolean("moved") ? former(row.getString("detail")) : row.getInt("saga_version")),
                        MigrationLine.EVENT,
                        actionId))
                .stream()
                .findFirst();
    }

    /** The saga's history with its data masked, line by line as that of the version which the saga was of then. */
    List<TimelineEntry> timeline(SagaView saga) {
        List<TimelineEntry> lines = new ArrayList<>();
        int version = saga.version();
        for (int i = saga.timeline().size() - 1; i >= 0; i--) {
            TimelineEntry line = saga.timeline().get(i);
            String data = line.data();
            lines.add(data == null ? line : line.withData(isJson() ? masked(saga.name(), version, data) : null));
            if (line.event().equals(MigrationLine.EVENT) && line.disposition().equals(Disposition.ACCEPTED.name())) {
                version = former(line.detail());
            }
        }
        Collections.reverse(lines);
        return lines;
    }

    private static int former(@Nullable String detail) {
        return MigrationLine.version(detail).orElse(NO_VERSION);
    }

    /** As it is; a line of the audit is written before. */
    Optional<String> unmasked(UUID sagaId, Operator by, String reason) {
        Optional<Stored> saga = stored(sagaId);
        if (saga.isPresent()) {
            transaction.executeWithoutResult(
                    status -> log.append(AuditEntry.note(by, "unmask", "", Subject.saga(sagaId), reason)));
        }
        return saga.map(
                found -> isJson() ? shortened(new String(found.data(), StandardCharsets.UTF_8)) : told(found.data()));
    }

    private boolean isJson() {
        return codec.contentType().startsWith("application/json");
    }

    private String told(byte[] data) {
        return "%d bytes of %s, which the console can't show".formatted(data.length, codec.contentType());
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST
                ? text
                : text.substring(0, LONGEST) + "… (%d of %d characters)".formatted(LONGEST, text.length());
    }

    private Optional<Stored> stored(UUID sagaId) {
        return reads
                .read(jdbc -> jdbc.query(
                        "select saga_name, saga_version, data from saga_instance where saga_id = ?",
                        (row, number) -> new Stored(
                                row.getString("saga_name"),
                                row.getInt("saga_version"),
                                Objects.requireNonNull(row.getBytes("data"))),
                        sagaId))
                .stream()
                .findFirst();
    }
}
