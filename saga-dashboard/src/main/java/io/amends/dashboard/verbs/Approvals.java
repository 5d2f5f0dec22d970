package io.amends.dashboard.verbs;

import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.KeyReusedException;
import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.tenants.TenantScope;
import io.amends.dashboard.verbs.ApprovalRequest.State;
import io.amends.runtime.sql.Arguments;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Orders that need a second person: one asks, another one approves, and it is carried out in the transaction of the
 * approval, under the name of who asked. The table itself refuses that both are the same. Safe for use by many threads.
 */
public final class Approvals {

    private static final int MOST = 500;

    private static final String SELECT = """
            select r.*, case when r.state = 'OPEN' and r.expires_at <= clock_timestamp() then 'EXPIRED'
                             else r.state end as state_now
              from saga_console_request r""";

    private final ConsoleVerbs verbs;
    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;
    private final AuditLog log;
    private final Supplier<UUID> ids;

    /**
     * @param verbs carries out what was approved
     * @param jdbc the orchestrator's database
     * @param transactions its transactions
     * @param log where asking and deciding are noted
     * @param ids new ids of requests
     */
    public Approvals(
            ConsoleVerbs verbs,
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            AuditLog log,
            Supplier<UUID> ids) {
        this.verbs = verbs;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.log = log;
        this.ids = ids;
    }

    /**
     * What came of asking.
     *
     * @param request the request
     * @param repeated whether it was asked before, under the same idempotency key or by the same order that is still open
     */
    public record Asked(ApprovalRequest request, boolean repeated) {}

    /**
     * Asks for a second person. Who asks for the same again while nobody has decided, or under the same idempotency key, gets the
     * request that there is.
     *
     * @param order what is to be done
     * @param within how long it can be approved
     * @throws KeyReusedException if the order's idempotency key was used for another one
     */
    public Asked ask(VerbOrder order, Duration within) {
        return Objects.requireNonNull(transaction.execute(status -> {
            Optional<UUID> before = log.earlier(
                            order.idempotencyKey(),
                            order.operator(),
                            "ask " + order.verb().name(),
                            VerbText.audited(order.verb(), log::mark),
                            Subject.saga(order.sagaId()))
                    .map(line -> line.entry().subject().requestId())
                    .or(() -> open(order));
            if (before.isPresent()) {
                return new Asked(locked(before.get()), true);
            }
            UUID id = ids.get();
            jdbc.update(
                    """
                    insert into saga_console_request
                           (request_id, verb, arguments, saga_id, seen_revision, asked_by, asked_ip, reason, expires_at)
                    values (?, ?, ?, ?, ?, ?, ?, ?, clock_timestamp() + ? * interval '1 millisecond')""",
                    id,
                    order.verb().name(),
                    VerbText.of(order.verb()),
                    order.sagaId(),
                    order.seenRevision(),
                    order.operator().name(),
                    order.operator().address(),
                    order.reason(),
                    within.toMillis());
            ApprovalRequest asked = locked(id);
            note(order.operator(), "ask", asked, order.reason(), order.idempotencyKey());
            return new Asked(asked, false);
        }));
    }

    private Optional<UUID> open(VerbOrder order) {
        return jdbc
                .queryForList(
                        """
                        select request_id from saga_console_request
                         where state = 'OPEN' and expires_at > clock_timestamp() and saga_id = ? and seen_revision = ?
                           and verb = ? and arguments = ? and lower(asked_by) = lower(?)
                         order by expires_at limit 1""",
                        UUID.class,
                        order.sagaId(),
                        order.seenRevision(),
                        order.verb().name(),
                        VerbText.of(order.verb()),
                        order.operator().name())
                .stream()
                .findFirst();
    }

    /**
     * Approves, and carries out what was asked for.
     *
     * @throws RequestRefusedException if who approves is who asked, or if it is too late for it
     */
    public ActionTaken approve(UUID requestId, Operator by) {
        return approve(requestId, by, null);
    }

    /**
     * Likewise; a repeat under the same idempotency key changes nothing more.
     *
     * @throws KeyReusedException if it was used for another order
     */
    public ActionTaken approve(UUID requestId, Operator by, @Nullable String key) {
        return decided(requestId, by, "approve", "to approve it", key, this::taken, request -> {
            if (by.is(request.askedBy().name())) {
                throw new RequestRefusedException(Sentence.of(
                        "%s asked for it, and nobody approves what they asked for. Let somebody else approve.",
                        request.askedBy().name()));
            }
            VerbOrder order = new VerbOrder(
                    request.sagaId(),
                    request.verb(),
                    request.askedBy(),
                    request.reason(),
                    request.seenRevision(),
                    null);
            ActionTaken taken = verbs.carryOut(order, new Circumstances(by.name(), requestId, null, null));
            decide(requestId, State.APPROVED, by, taken.actionId());
            note(
                    by,
                    "approve",
                    request,
                    "asked for by %s: %s".formatted(request.askedBy().name(), request.reason()),
                    key);
            return taken;
        });
    }

    private ActionTaken taken(ApprovalRequest approved) {
        return Optional.ofNullable(approved.actionId())
                .flatMap(log::line)
                .map(ConsoleVerbs::repeated)
                .orElseThrow(() ->
                        new RequestRefusedException(Sentence.of("What came of it is not in the audit any more.")));
    }

    /**
     * Declines.
     *
     * @throws RequestRefusedException if who declines is who asked, or if it was decided
     */
    public void decline(UUID requestId, Operator by, String reason) {
        decline(requestId, by, reason, null);
    }

    /**
     * Likewise; a repeat under the same idempotency key changes nothing more.
     *
     * @throws KeyReusedException if it was used for another order
     */
    public void decline(UUID requestId, Operator by, String reason, @Nullable String key) {
        decided(requestId, by, "decline", reason, key, request -> request, request -> {
            if (by.is(request.askedBy().name())) {
                throw new RequestRefusedException(Sentence.of("Who asked does not decline, but withdraws."));
            }
            decide(requestId, State.DECLINED, by, null);
            note(by, "decline", request, reason, key);
            return request;
        });
    }

    /**
     * Takes a request back.
     *
     * @throws RequestRefusedException if somebody else asked, or if it was decided
     */
    public void withdraw(UUID requestId, Operator by, String reason) {
        withdraw(requestId, by, reason, null);
    }

    /**
     * Likewise; a repeat under the same idempotency key changes nothing more.
     *
     * @throws KeyReusedException if it was used for another order
     */
    public void withdraw(UUID requestId, Operator by, String reason, @Nullable String key) {
        decided(requestId, by, "withdraw", reason, key, request -> request, request -> {
            if (!by.is(request.askedBy().name())) {
                throw new RequestRefusedException(Sentence.of(
                        "%s asked for it. Only who asked withdraws; others decline.",
                        request.askedBy().name()));
            }
            decide(requestId, State.WITHDRAWN, by, null);
            note(by, "withdraw", request, reason, key);
            return request;
        });
    }

    /** In a transaction; a refusal is noted in one of its own, unless the caller has one. */
    private <T> T decided(
            UUID requestId,
            Operator by,
            String what,
            String why,
            @Nullable String key,
            Function<ApprovalRequest, T> again,
            Function<ApprovalRequest, T> work) {
        boolean isOwnTransaction = !TransactionSynchronizationManager.isActualTransactionActive();
        try {
            return Objects.requireNonNull(transaction.execute(status -> {
                ApprovalRequest request = locked(requestId);
                return log.earlier(
                                        key,
                                        by,
                                        verb(what, request),
                                        VerbText.audited(request.verb(), log::mark),
                                        new Subject(null, null, requestId, null))
                                .isPresent()
                        ? again.apply(request)
                        : work.apply(decidable(request));
            }));
        } catch (RequestRefusedException refused) {
            if (isOwnTransaction) {
                UUID sagaId = find(requestId).map(ApprovalRequest::sagaId).orElse(null);
                transaction.executeWithoutResult(status -> log.append(AuditEntry.refused(
                        by,
                        what,
                        "",
                        new Subject(sagaId, null, requestId, null),
                        why,
                        String.valueOf(refused.getMessage()))));
            }
            throw refused;
        }
    }

    /** What can be decided, what expires first in front, 500 at most. */
    public List<ApprovalRequest> open() {
        return open(TenantScope.ALL);
    }

    /** Likewise, about those tenants' sagas. */
    public List<ApprovalRequest> open(TenantScope scope) {
        String ofTenants = scope.isAll()
                ? ""
                : " and exists (select from saga_instance i where i.saga_id = r.saga_id" + scope.condition() + ")";
        return jdbc.query(
                SELECT
                        + " where r.state = 'OPEN' and r.expires_at > clock_timestamp()"
                        + ofTenants
                        + " order by r.expires_at, r.request_id limit ?",
                scope.arguments(new Arguments.Plain()).value(MOST),
                (row, number) -> request(row));
    }

    /** The request with that id. */
    public Optional<ApprovalRequest> find(UUID requestId) {
        return jdbc.query(SELECT + " where r.request_id = ?", (row, number) -> request(row), requestId).stream()
                .findFirst();
    }

    private ApprovalRequest locked(UUID requestId) {
        return jdbc
                .query(SELECT + " where r.request_id = ? for update", (row, number) -> request(row), requestId)
                .stream()
                .findFirst()
                .orElseThrow(() -> new RequestRefusedException(Sentence.of("There is no request %s.", requestId)));
    }

    private static ApprovalRequest decidable(ApprovalRequest request) {
        if (request.state() == State.EXPIRED) {
            throw new RequestRefusedException(Sentence.of(
                    "It expired at %s. Look at the saga as it is now, and ask again.", request.expiresAt()));
        }
        if (request.state() != State.OPEN) {
            throw new RequestRefusedException(
                    Sentence.of("It is %s already, by %s.", request.state(), request.decidedBy()));
        }
        return request;
    }

    private void decide(UUID requestId, State state, Operator by, @Nullable Long actionId) {
        jdbc.update("""
                update saga_console_request
                   set state = ?, decided_by = ?, decided_at = clock_timestamp(), action_id = ? where request_id = ?""", state.name(), by.name(), actionId, requestId);
    }

    private void note(Operator by, String what, ApprovalRequest request, String reason, @Nullable String key) {
        log.append(AuditEntry.note(
                        by,
                        verb(what, request),
                        VerbText.audited(request.verb(), log::mark),
                        new Subject(request.sagaId(), null, request.id(), null),
                        reason)
                .under(key));
    }

    private static String verb(String what, ApprovalRequest request) {
        return what + " " + request.verb().name();
    }

    private static ApprovalRequest request(ResultSet row) throws SQLException {
        return new ApprovalRequest(
                Objects.requireNonNull(row.getObject("request_id", UUID.class)),
                Objects.requireNonNull(row.getObject("saga_id", UUID.class)),
                VerbText.read(row.getString("verb"), row.getString("arguments")),
                row.getLong("seen_revision"),
                new Operator(row.getString("asked_by"), row.getString("asked_ip")),
                row.getString("reason"),
                instant(row, "asked_at"),
                instant(row, "expires_at"),
                State.valueOf(row.getString("state_now")),
                row.getString("decided_by"),
                row.getObject("action_id", Long.class));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class))
                .toInstant();
    }
}
