package io.amends.dashboard.audit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which lines to look for; what is not null must hold. Immutable; begin with {@link #ALL}.
 *
 * @param actor who did it
 * @param verb what they wanted
 * @param sagaId to which saga
 * @param runId in which run
 * @param from not before then
 * @param before before then
 */
public record AuditQuery(
        @Nullable String actor,
        @Nullable String verb,
        @Nullable UUID sagaId,
        @Nullable UUID runId,
        @Nullable Instant from,
        @Nullable Instant before) {

    /** Every line. */
    public static final AuditQuery ALL = new AuditQuery(null, null, null, null, null, null);

    /** By that operator. */
    public AuditQuery by(String name) {
        return new AuditQuery(name, verb, sagaId, runId, from, before);
    }

    /** Of that verb. */
    public AuditQuery of(String name) {
        return new AuditQuery(actor, name, sagaId, runId, from, before);
    }

    /** About that saga. */
    public AuditQuery saga(UUID id) {
        return new AuditQuery(actor, verb, id, runId, from, before);
    }

    /** About that run, and in it. */
    public AuditQuery run(UUID id) {
        return new AuditQuery(actor, verb, sagaId, id, from, before);
    }

    /** From that time on, and before that one; null for no limit. */
    public AuditQuery between(@Nullable Instant start, @Nullable Instant end) {
        return new AuditQuery(actor, verb, sagaId, runId, start, end);
    }
}
