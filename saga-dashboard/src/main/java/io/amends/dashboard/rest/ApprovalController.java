package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.refresh.Shared;
import io.amends.dashboard.rest.SagaController.ForeseenAnswer;
import io.amends.dashboard.rest.VerbController.OrderAnswer;
import io.amends.dashboard.tenants.SagaTenants;
import io.amends.dashboard.verbs.ApprovalRequest;
import io.amends.dashboard.verbs.Approvals;
import io.amends.dashboard.verbs.ConsoleVerb.EditAndRetry;
import io.amends.dashboard.verbs.Foresight;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;

/** What waits for a second person. */
@RequestMapping("/api/v1/approvals")
public final class ApprovalController implements ConsoleController {

    private final Approvals approvals;
    private final Foresight foresight;
    private final SagaTenants tenants;

    /**
     * Of those.
     *
     * @param foresight tells whoever decides what approving would do
     * @param tenants tells who sees requests about which sagas
     */
    public ApprovalController(Approvals approvals, Foresight foresight, SagaTenants tenants) {
        this.approvals = approvals;
        this.foresight = foresight;
        this.tenants = tenants;
    }

    record RequestsAnswer(List<RequestRow> requests) {}

    /**
     * A request.
     *
     * @param arguments the rest of the verb; of an edit nothing, since what it changes is told in its place
     * @param foreseen what approving would do now; null in a list, and of what can't be approved any more
     */
    record RequestRow(
            UUID id,
            UUID sagaId,
            String verb,
            Map<String, String> arguments,
            long seenRevision,
            String askedBy,
            String reason,
            Instant askedAt,
            Instant expiresAt,
            ApprovalRequest.State state,
            @Nullable String decidedBy,
            @Nullable Long actionId,
            @Nullable ForeseenAnswer foreseen) {

        static RequestRow of(ApprovalRequest request, @Nullable ForeseenAnswer foreseen) {
            return new RequestRow(
                    request.id(),
                    request.sagaId(),
                    request.verb().name(),
                    request.verb() instanceof EditAndRetry
                            ? Map.of()
                            : request.verb().arguments(),
                    request.seenRevision(),
                    request.askedBy().name(),
                    request.reason(),
                    request.askedAt(),
                    request.expiresAt(),
                    request.state(),
                    request.decidedBy(),
                    request.actionId(),
                    foreseen);
        }
    }

    @GetMapping
    @Shared
    @Requires(ConsolePermission.VIEW)
    @ForTenants("lists requests about their sagas")
    RequestsAnswer open(Caller caller) {
        return new RequestsAnswer(approvals.open(caller.scope()).stream()
                .map(request -> RequestRow.of(request, null))
                .toList());
    }

    @GetMapping("/{id}")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("knows requests about their sagas")
    RequestRow one(@PathVariable UUID id, Caller caller, Language language) {
        return row(found(id, caller), language);
    }

    @PostMapping(path = "/{id}/approve", consumes = "application/json")
    @Requires(ConsolePermission.APPROVE)
    @ForTenants("knows requests about their sagas")
    OrderAnswer approve(
            @PathVariable UUID id,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            Caller caller,
            Language language) {
        AccessCheck.requireApprovable(caller, found(id, caller).verb().name());
        return VerbController.answer(approvals.approve(id, caller.operator(), VerbController.key(key)), language);
    }

    @PostMapping(path = "/{id}/decline", consumes = "application/json")
    @Requires(ConsolePermission.APPROVE)
    @ForTenants("knows requests about their sagas")
    RequestRow decline(
            @PathVariable UUID id,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ReasonRequest request,
            Caller caller,
            Language language) {
        String reason = request.needed();
        found(id, caller);
        approvals.decline(id, caller.operator(), reason, VerbController.key(key));
        return row(found(id, caller), language);
    }

    /** Only who asked can; that they may order the verb was checked when they asked. */
    @PostMapping(path = "/{id}/withdraw", consumes = "application/json")
    @Requires(ConsolePermission.OPERATE)
    @ForTenants("knows requests about their sagas")
    RequestRow withdraw(
            @PathVariable UUID id,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ReasonRequest request,
            Caller caller,
            Language language) {
        String reason = request.needed();
        found(id, caller);
        approvals.withdraw(id, caller.operator(), reason, VerbController.key(key));
        return row(found(id, caller), language);
    }

    private RequestRow row(ApprovalRequest request, Language language) {
        return RequestRow.of(
                request,
                request.state() == ApprovalRequest.State.OPEN
                        ? ForeseenAnswer.of(foresight.of(request), language)
                        : null);
    }

    private ApprovalRequest found(UUID id, Caller caller) {
        return approvals
                .find(id)
                .filter(request -> tenants.sees(caller.scope(), request.sagaId()))
                .orElseThrow(() -> ConsoleProblem.notFound(Sentence.of("There is no request %s.", id)));
    }
}
