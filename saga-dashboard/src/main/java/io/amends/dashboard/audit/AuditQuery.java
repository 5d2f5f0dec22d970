package io.amends.dashboard.audit;

import io.amends.dashboard.tenants.TenantScope;
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
 * @param scope about whose sagas; of those of some tenants only, a line that is about no saga is left out
 */
public record AuditQuery(
        @Nullable String actor,
        @Nullable String verb,
        @Nullable UUID sagaId,
        @Nullable UUID runId,
        @Nullable Instant from,
        @Nullable Instant before,
        TenantScope scope) {

    /** Every line. */
    public static final AuditQuery ALL = new AuditQuery(null, null, null, null, null, null, TenantScope.ALL);

    /** By that operator. */
    public AuditQuery by(String name) {
        return new AuditQuery(name, verb, sagaId, runId, from, before, scope);
    }

    /** Of that verb. */
    public AuditQuery of(String name) {
        return new AuditQuery(actor, name, sagaId, runId, from, before, scope);
    }

    /** About that saga. */
    public AuditQuery saga(UUID id) {
        return new AuditQuery(actor, verb, id, runId, from, before, scope);
    }

    /** About that run, and in it. */
    public AuditQuery run(UUID id) {
        return new AuditQuery(actor, verb, sagaId, id, from, before, scope);
    }

    /** From that time on, and before that one; null for no limit. */
    public AuditQuery between(@Nullable Instant start, @Nullable Instant end) {
        return new AuditQuery(actor, verb, sagaId, runId, start, end, scope);
    }

    /** About sagas that those see. */
    public AuditQuery within(TenantScope whose) {
        return new AuditQuery(actor, verb, sagaId, runId, from, before, whose);
    }
}
