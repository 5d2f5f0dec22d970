package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.bulk.BulkForecast;
import io.amends.dashboard.bulk.BulkItem;
import io.amends.dashboard.bulk.BulkOrder;
import io.amends.dashboard.bulk.BulkPreview;
import io.amends.dashboard.bulk.BulkRun;
import io.amends.dashboard.bulk.BulkRuns;
import io.amends.dashboard.bulk.BulkState;
import io.amends.dashboard.bulk.DryRun;
import io.amends.dashboard.bulk.ItemState;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.refresh.Shared;
import io.amends.dashboard.search.BadFilterException;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.ConsoleVerb.EditAndRetry;
import io.amends.dashboard.verbs.DataChange;
import io.amends.dashboard.verbs.Foreseen;
import io.amends.runtime.SagaOperations.Result;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** One verb over many sagas. Who orders it of many needs what it takes to order it of one, and may do so in bulk. */
@RequestMapping("/api/v1/runs")
public final class RunController implements ConsoleController {

    private static final int MOST = 10_000;

    private final BulkRuns runs;
    private final BulkForecast forecast;
    private final ConsoleSettings settings;

    /** Of those. */
    public RunController(BulkRuns runs, BulkForecast forecast, ConsoleSettings settings) {
        this.runs = runs;
        this.forecast = forecast;
        this.settings = settings;
    }

    record PreviewRequest(String verb, @Nullable Map<String, String> arguments, String q) {}

    record PreviewAnswer(
            long count, boolean isAll, boolean isAllRead, List<BulkPreview.Sample> sample, DryRunRow dryRun) {}

    record DryRunRow(Map<Result, Long> counts, boolean isAll, List<ForeseenRow> sample) {

        static DryRunRow of(DryRun dry, Language language) {
            return new DryRunRow(
                    dry.counts(),
                    dry.isAll(),
                    dry.sample().stream()
                            .map(each -> ForeseenRow.of(each, language))
                            .toList());
        }
    }

    record ForeseenRow(UUID sagaId, String key, Result result, String text, List<DataChange> changes) {

        static ForeseenRow of(Foreseen foreseen, Language language) {
            return new ForeseenRow(
                    foreseen.sagaId(),
                    foreseen.key(),
                    foreseen.result(),
                    foreseen.said().in(language),
                    foreseen.changes());
        }
    }

    record RunRequest(
            String verb,
            @Nullable Map<String, String> arguments,
            String q,
            @Nullable String reason,
            @Nullable List<Integer> ramp,
            @Nullable Double perSecond,
            @Nullable Double stopRatio) {}

    record ChangeRequest(@Nullable String reason, @Nullable Double stopRatio) {}

    record RunsAnswer(List<RunRow> runs) {}

    record ItemsAnswer(List<BulkItem> items, @Nullable Integer next) {}

    record RunRow(
            UUID id,
            String verb,
            Map<String, String> arguments,
            String filter,
            String askedBy,
            @Nullable String approvedBy,
            String reason,
            BulkState state,
            @Nullable String stateReason,
            List<Integer> ramp,
            int stage,
            int items,
            Map<ItemState, Long> counts,
            @Nullable String owner,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt) {

        static RunRow of(BulkRun run) {
            return new RunRow(
                    run.id(),
                    run.verb().name(),
                    run.verb().arguments(),
                    run.filter(),
                    run.askedBy(),
                    run.approvedBy(),
                    run.reason(),
                    run.state(),
                    run.stateReason(),
                    run.ramp(),
                    run.stage(),
                    run.items(),
                    run.counts(),
                    run.owner(),
                    run.createdAt(),
                    run.startedAt(),
                    run.endedAt());
        }
    }

    @GetMapping
    @Shared
    @Requires(ConsolePermission.VIEW)
    @ForTenants("lists runs over their sagas alone")
    RunsAnswer latest(Caller caller) {
        List<BulkRun> latest = caller.scope().isAll() ? runs.latest() : runs.latest(filter -> isTheirs(filter, caller));
        return new RunsAnswer(latest.stream().map(RunRow::of).toList());
    }

    @GetMapping("/{id}")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("knows runs over their sagas alone")
    RunRow one(@PathVariable UUID id, Caller caller) {
        return RunRow.of(found(id, caller));
    }

    @GetMapping("/{id}/items")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("knows runs over their sagas alone")
    ItemsAnswer items(
            @PathVariable UUID id,
            @RequestParam(required = false) @Nullable ItemState state,
            @RequestParam(defaultValue = "0") int after,
            @RequestParam(defaultValue = "100") int size,
            Caller caller,
            Language language) {
        found(id, caller);
        List<BulkItem> items = runs.items(id, state, after, size);
        return new ItemsAnswer(
                items.stream().map(item -> item.in(language)).toList(),
                items.size() < size ? null : items.get(items.size() - 1).position());
    }

    @PostMapping(path = "/preview", consumes = "application/json")
    @Requires(ConsolePermission.BULK)
    @ForTenants("narrows the filter to their sagas")
    PreviewAnswer preview(@RequestBody PreviewRequest request, Caller caller, Language language) {
        ConsoleVerb verb = verb(request.verb(), request.arguments(), caller);
        SagaFilter filter = filter(request.q(), caller);
        BulkPreview preview = forecast.preview(filter, MOST);
        return new PreviewAnswer(
                preview.count(),
                preview.isAll(),
                preview.isAllRead(),
                preview.sample(),
                DryRunRow.of(forecast.dryRun(filter, verb), language));
    }

    @PostMapping(consumes = "application/json")
    @Requires(ConsolePermission.BULK)
    @ForTenants("narrows the filter to their sagas")
    ResponseEntity<RunRow> plan(
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody RunRequest request,
            Caller caller) {
        ConsoleVerb verb = verb(request.verb(), request.arguments(), caller);
        SagaFilter filter = filter(request.q(), caller);
        BulkOrder usual = BulkOrder.of(verb, filter, caller.operator(), VerbRequest.reason(request.reason()));
        BulkOrder order = new BulkOrder(
                verb,
                filter,
                usual.operator(),
                usual.reason(),
                request.ramp() == null ? usual.ramp() : request.ramp(),
                request.perSecond() == null ? usual.perSecond() : request.perSecond(),
                request.stopRatio() == null ? usual.stopRatio() : request.stopRatio(),
                usual.most(),
                usual.patience());
        return ResponseEntity.status(HttpStatus.CREATED).body(RunRow.of(runs.plan(order, VerbController.key(key))));
    }

    @PostMapping(path = "/{id}/start", consumes = "application/json")
    @Requires(ConsolePermission.BULK)
    @ForTenants("knows runs over their sagas alone")
    RunRow start(
            @PathVariable UUID id,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            Caller caller) {
        BulkRun run = found(id, caller);
        requireVerb(run, caller);
        if (runs.needsSecondPerson(run) && !caller.operator().is(run.askedBy())) {
            AccessCheck.require(caller, ConsolePermission.APPROVE);
        }
        return RunRow.of(runs.start(id, caller.operator(), VerbController.key(key)));
    }

    @PostMapping(path = "/{id}/pause", consumes = "application/json")
    @Requires(ConsolePermission.BULK)
    @ForTenants("knows runs over their sagas alone")
    RunRow pause(
            @PathVariable UUID id,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ChangeRequest request,
            Caller caller) {
        String reason = VerbRequest.reason(request.reason());
        found(id, caller);
        return RunRow.of(runs.pause(id, caller.operator(), reason, VerbController.key(key)));
    }

    @PostMapping(path = "/{id}/resume", consumes = "application/json")
    @Requires(ConsolePermission.BULK)
    @ForTenants("knows runs over their sagas alone")
    RunRow resume(
            @PathVariable UUID id,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ChangeRequest request,
            Caller caller) {
        String reason = VerbRequest.reason(request.reason());
        requireVerb(found(id, caller), caller);
        return RunRow.of(runs.resume(id, caller.operator(), reason, request.stopRatio(), VerbController.key(key)));
    }

    @PostMapping(path = "/{id}/cancel", consumes = "application/json")
    @Requires(ConsolePermission.BULK)
    @ForTenants("knows runs over their sagas alone")
    RunRow cancel(
            @PathVariable UUID id,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ChangeRequest request,
            Caller caller) {
        String reason = VerbRequest.reason(request.reason());
        found(id, caller);
        return RunRow.of(runs.cancel(id, caller.operator(), reason, VerbController.key(key)));
    }

    private static ConsoleVerb verb(@Nullable String name, @Nullable Map<String, String> arguments, Caller caller) {
        String verb = needed("verb", name);
        AccessCheck.requireVerb(caller, verb);
        if (verb.equals(EditAndRetry.NAME)) {
            throw ConsoleProblem.badRequest(Sentence.of("Data is edited of one saga at a time, not of many."));
        }
        return VerbRequest.verb(verb, arguments == null ? Map.of() : arguments);
    }

    /** Of the caller's tenants alone, and so it is stored: whoever carries the run out keeps to them. */
    private SagaFilter filter(@Nullable String q, Caller caller) {
        SagaFilter theirs = SagaFilter.parse(needed("q", q), settings.tenantAttribute())
                .within(caller.scope())
                .orElseThrow(() -> ConsoleProblem.conflict(
                        "NOT_POSSIBLE",
                        Sentence.of(
                                "No saga that %s sees can be like that: they see those of %s.",
                                caller.name(), caller.scope()),
                        Map.of()));
        if (caller.scope().isAll()) {
            return theirs;
        }
        // With the tenants it may have become longer than one that can be read; and what is stored is what is read
        // then.
        SagaFilter stored = SagaFilter.parse(theirs.text());
        if (!stored.equals(theirs)) {
            throw new IllegalStateException(
                    "Filter '%s' would be read as '%s'.".formatted(theirs.text(), stored.text()));
        }
        return stored;
    }

    private static boolean isTheirs(String filter, Caller caller) {
        if (caller.scope().isAll()) {
            return true;
        }
        try {
            return SagaFilter.parse(filter).isWithin(caller.scope());
        } catch (BadFilterException unreadable) {
            // One that grew too long for being started; it must not keep the others from being listed.
            return false;
        }
    }

    private static void requireVerb(BulkRun run, Caller caller) {
        AccessCheck.requireVerb(caller, run.verb().name());
    }

    private static String needed(String name, @Nullable String value) {
        if (value == null) {
            throw ConsoleProblem.badRequest(Sentence.of("'%s' is missing.", name));
        }
        return value;
    }

    private BulkRun found(UUID id, Caller caller) {
        return runs.find(id)
                .filter(run -> isTheirs(run.filter(), caller))
                .orElseThrow(() -> ConsoleProblem.notFound(Sentence.of("There is no run %s.", id)));
    }
}
