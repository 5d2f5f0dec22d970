package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.rest.VerbController.OrderAnswer;
import io.amends.dashboard.verbs.ApprovalRequest;
import io.amends.dashboard.verbs.Approvals;
import io.amends.dashboard.verbs.ConsoleVerb.EditAndRetry;
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
    private final SagaData data;

    /**
     * Of those.
     *
     * @param data masks the data that an edit would store
     */
    public ApprovalController(Approvals approvals, SagaData data) {
        this.approvals = approvals;
        this.data = data;
    }

    record RequestsAnswer(List<RequestRow> requests) {}

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
            @Nullable Long actionId) {

        static RequestRow of(ApprovalRequest request, SagaData data) {
            return new RequestRow(
                    request.id(),
                    request.sagaId(),
                    request.verb().name(),
                    request.verb() instanceof EditAndRetry edit
                            ? Map.of("data", data.masked(request.sagaId(), edit.data()))
                            : request.verb().arguments(),
                    request.seenRevision(),
                    request.askedBy().name(),
                    request.reason(),
                    request.askedAt(),
                    request.expiresAt(),
                    request.state(),
                    request.decidedBy(),
                    request.actionId());
        }
    }

    @GetMapping
    @Requires(ConsolePermission.VIEW)
    RequestsAnswer open() {
        return new RequestsAnswer(approvals.open().stream().map(this::row).toList());
    }

    @GetMapping("/{id}")
    @Requires(ConsolePermission.VIEW)
    RequestRow one(@PathVariable UUID id) {
        return row(found(id));
    }

    @PostMapping(path = "/{id}/approve", consumes = "application/json")
    @Requires(ConsolePermission.APPROVE)
    OrderAnswer approve(
            @PathVariable UUID id,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            Caller caller) {
        found(id);
        return VerbController.answer(approvals.approve(id, caller.operator(), VerbController.key(key)));
    }

    @PostMapping(path = "/{id}/decline", consumes = "application/json")
    @Requires(ConsolePermission.APPROVE)
    RequestRow decline(
            @PathVariable UUID id,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ReasonRequest request,
            Caller caller) {
        String reason = request.needed();
        found(id);
        approvals.decline(id, caller.operator(), reason, VerbController.key(key));
        return row(found(id));
    }

    /** Only who asked can; that they may order the verb was checked when they asked. */
    @PostMapping(path = "/{id}/withdraw", consumes = "application/json")
    @Requires(ConsolePermission.OPERATE)
    RequestRow withdraw(
            @PathVariable UUID id,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ReasonRequest request,
            Caller caller) {
        String reason = request.needed();
        found(id);
        approvals.withdraw(id, caller.operator(), reason, VerbController.key(key));
        return row(found(id));
    }

    private RequestRow row(ApprovalRequest request) {
        return RequestRow.of(request, data);
    }

    private ApprovalRequest found(UUID id) {
        return approvals.find(id).orElseThrow(() -> ConsoleProblem.notFound("There is no request %s.".formatted(id)));
    }
}
