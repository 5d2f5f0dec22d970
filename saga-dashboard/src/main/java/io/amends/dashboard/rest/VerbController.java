package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.audit.ActionState;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.audit.AuditTrail;
import io.amends.dashboard.audit.DataEdit;
import io.amends.dashboard.gate.Problem;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.tenants.SagaTenants;
import io.amends.dashboard.verbs.ActionTaken;
import io.amends.dashboard.verbs.Approvals;
import io.amends.dashboard.verbs.ConsoleVerb.EditAndRetry;
import io.amends.dashboard.verbs.ConsoleVerbs;
import io.amends.dashboard.verbs.Outcomes;
import io.amends.dashboard.verbs.VerbOrder;
import io.amends.runtime.SagaOperations.Result;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;

/** Orders to one saga, and what came of them. */
@RequestMapping("/api/v1")
public final class VerbController implements ConsoleController {

    private static final Pattern REVISION = Pattern.compile("(?:W/)?\"?([0-9]{1,18})\"?");
    private static final int LONGEST_KEY = 200;

    private final ConsoleVerbs verbs;
    private final Approvals approvals;
    private final Outcomes outcomes;
    private final AuditTrail trail;
    private final ConsoleSettings settings;
    private final SagaData data;
    private final SagaTenants tenants;

    /** With all that it asks. */
    public VerbController(
            ConsoleVerbs verbs,
            Approvals approvals,
            Outcomes outcomes,
            AuditTrail trail,
            ConsoleSettings settings,
            SagaData data,
            SagaTenants tenants) {
        this.data = data;
        this.tenants = tenants;
        this.verbs = verbs;
        this.approvals = approvals;
        this.outcomes = outcomes;
        this.trail = trail;
        this.settings = settings;
    }

    /**
     * What came of an order at once. With a request's id alone where a second person has to approve it.
     *
     * @param requestId what somebody else has to approve, null if it was carried out
     */
    record OrderAnswer(
            @Nullable Long actionId,
            @Nullable ActionState state,
            @Nullable String result,
            String explanation,
            boolean repeated,
            @Nullable UUID requestId) {}

    @PostMapping(path = "/sagas/{id}/{verb}", consumes = "application/json")
    @Requires(ConsolePermission.OPERATE)
    @ForTenants("knows their sagas")
    ResponseEntity<OrderAnswer> order(
            @PathVariable UUID id,
            @PathVariable String verb,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String seen,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody VerbRequest request,
            Caller caller,
            Language language) {
        AccessCheck.requireVerb(caller, VerbRequest.known(verb));
        if (verb.equals(EditAndRetry.NAME)) {
            settings.requireEdit();
        }
        SagaController.requireSeen(tenants, id, caller);
        VerbOrder order = new VerbOrder(
                id,
                request.verb(verb),
                caller.operator(),
                VerbRequest.reason(request.reason()),
                revision(seen),
                key(key));
        if (verbs.needsApproval(verb)) {
            return ResponseEntity.accepted().body(asked(order, language));
        }
        return ResponseEntity.ok(answer(verbs.carryOut(order), language));
    }

    private OrderAnswer asked(VerbOrder order, Language language) {
        Approvals.Asked asked = approvals.ask(order, settings.approvalWithin());
        return new OrderAnswer(
                null,
                null,
                null,
                Sentence.of(
                                "'%s' needs a second person here. Somebody else has to approve it.",
                                order.verb().name())
                        .in(language),
                asked.repeated(),
                asked.request().id());
    }

    /** @throws ConsoleProblem if it was refused */
    static OrderAnswer answer(ActionTaken taken, Language language) {
        if (!taken.isDone()) {
            Map<String, Object> more = Map.of("actionId", taken.actionId(), "result", taken.result());
            if (taken.result().equals(Result.NOT_FOUND.name())) {
                throw new ConsoleProblem(new Problem(404, "NOT_FOUND", taken.said(), more));
            }
            throw ConsoleProblem.conflict(
                    taken.result().equals(Result.CHANGED_SINCE.name()) ? "CHANGED_SINCE" : "NOT_POSSIBLE",
                    taken.said(),
                    more);
        }
        return new OrderAnswer(
                taken.actionId(), taken.state(), taken.result(), taken.said().in(language), taken.repeated(), null);
    }

    static long revision(@Nullable String seen) {
        if (seen == null) {
            throw new ConsoleProblem(
                    428,
                    "REVISION_NEEDED",
                    Sentence.of(
                            "Say in the header If-Match which revision you looked at, such as \"7\": nothing is done to what changed since."));
        }
        Matcher parts = REVISION.matcher(seen.strip());
        if (!parts.matches()) {
            throw ConsoleProblem.badRequest(Sentence.of("The header If-Match is no revision such as \"7\"."));
        }
        return Long.parseLong(parts.group(1));
    }

    static @Nullable String key(@Nullable String key) {
        if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
            throw ConsoleProblem.badRequest(
                    Sentence.of("The header Idempotency-Key has 1 to %d characters.", LONGEST_KEY));
        }
        return key;
    }

    /** A line about no saga is for those who see all. */
    private boolean sees(AuditLine line, Caller caller) {
        UUID sagaId = line.entry().subject().sagaId();
        return caller.scope().isAll() || (sagaId != null && tenants.sees(caller.scope(), sagaId));
    }

    record EditAnswer(Verbatim before, Verbatim after) {}

    /** Masked, as the data itself is. Messages are for those who may edit them. */
    @GetMapping("/actions/{id}/edit")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("knows lines about their sagas")
    EditAnswer edit(@PathVariable long id, Caller caller) {
        Optional<AuditLine> line = trail.line(id).filter(about -> sees(about, caller));
        UUID sagaId = line.map(about -> about.entry().subject().sagaId()).orElse(null);
        DataEdit edit = line.flatMap(about -> trail.edit(id))
                .orElseThrow(() -> ConsoleProblem.notFound(Sentence.of("Line %d of the audit edited nothing.", id)));
        if (sagaId == null) {
            AccessCheck.require(caller, ConsolePermission.EDIT);
        }
        DataEdit told = data.masked(sagaId, id, edit);
        return new EditAnswer(new Verbatim(told.before()), new Verbatim(told.after()));
    }

    @GetMapping("/actions/{id}")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("knows lines about their sagas")
    AuditLine action(@PathVariable long id, Caller caller, Language language) {
        AuditLine line = trail.line(id)
                .filter(about -> sees(about, caller))
                .orElseThrow(() -> ConsoleProblem.notFound(Sentence.of("The audit has no line %d.", id)));
        ActionState now = outcomes.of(List.of(id)).getOrDefault(id, line.state());
        return AuditWords.in(language, new AuditLine(line.id(), line.at(), line.entry(), now, line.settledAt()));
    }
}
