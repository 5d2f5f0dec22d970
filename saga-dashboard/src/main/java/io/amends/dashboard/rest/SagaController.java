package io.amends.dashboard.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.audit.AuditQuery;
import io.amends.dashboard.audit.AuditTrail;
import io.amends.dashboard.instance.SagaInspection;
import io.amends.dashboard.instance.SagaView;
import io.amends.dashboard.instance.StepLine;
import io.amends.dashboard.instance.TimelineEntry;
import io.amends.dashboard.instance.WaitingMessage;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.refresh.Shared;
import io.amends.dashboard.search.FoundPage;
import io.amends.dashboard.search.FoundSaga;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.search.SagaFinder;
import io.amends.dashboard.stuck.Severity;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.dashboard.tenants.SagaTenants;
import io.amends.dashboard.verbs.ConsoleVerb.EditAndRetry;
import io.amends.dashboard.verbs.DataChange;
import io.amends.dashboard.verbs.Foreseen;
import io.amends.dashboard.verbs.Foresight;
import io.amends.runtime.SagaOperations.Result;
import io.amends.runtime.wire.Topics;
import io.amends.saga.engine.HybridClock;
import io.amends.saga.engine.SagaPhase;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Finds sagas, and tells all of one. */
@RequestMapping("/api/v1/sagas")
public final class SagaController implements ConsoleController {

    private static final int ACTIONS = 20;

    private final SagaFinder finder;
    private final SagaInspection inspection;
    private final SagaData data;
    private final Foresight foresight;
    private final AuditTrail trail;
    private final ConsoleSettings settings;
    private final SagaTenants tenants;

    /** With all that it asks. */
    public SagaController(
            SagaFinder finder,
            SagaInspection inspection,
            SagaData data,
            Foresight foresight,
            AuditTrail trail,
            ConsoleSettings settings,
            SagaTenants tenants) {
        this.finder = finder;
        this.inspection = inspection;
        this.data = data;
        this.foresight = foresight;
        this.trail = trail;
        this.settings = settings;
        this.tenants = tenants;
    }

    record FoundAnswer(List<FoundSaga> sagas, @Nullable UUID next, boolean isAll, Verbatim q) {}

    /** @param note what the operators' own people say about it: an address or a text, null if they say nothing */
    record VerdictRow(
            StuckReason reason,
            Severity severity,
            Instant since,
            String sentence,
            String action,
            String runbook,
            @Nullable Verbatim note) {}

    /** @param commands the topic where the participant reads, null if there is no participant */
    record StepRow(
            @JsonUnwrapped StepLine step,
            StepLine.Mark forward,
            StepLine.Mark backward,
            @Nullable String commands) {}

    record SagaAnswer(
            UUID sagaId,
            String name,
            int version,
            String key,
            SagaPhase phase,
            @Nullable String reasonCode,
            @Nullable String reason,
            @Nullable String cause,
            @Nullable Instant deadlineAt,
            boolean overdue,
            SagaView.@Nullable Hold pause,
            @Nullable String attributes,
            @Nullable String traceId,
            @Nullable Verbatim traceLink,
            long revision,
            Instant createdAt,
            Instant updatedAt,
            Instant readAt,
            @Nullable VerdictRow verdict,
            List<StepRow> steps,
            List<TimelineRow> timeline,
            List<WaitingMessage> messages,
            @Nullable UUID parent,
            List<UUID> children,
            String explanation,
            List<String> frames,
            List<String> verbs,
            List<Integer> otherVersions,
            List<AuditLine> actions) {}

    /**
     * A line of the history.
     *
     * @param logicalTime the clock as time and counter, since a browser's numbers have fewer digits than it has
     */
    record TimelineRow(@JsonUnwrapped TimelineEntry line, Verbatim logicalTime) {

        static TimelineRow of(TimelineEntry line) {
            return new TimelineRow(
                    line,
                    new Verbatim("%s+%d"
                            .formatted(
                                    Instant.ofEpochMilli(HybridClock.millis(line.clock())),
                                    HybridClock.counter(line.clock()))));
        }
    }

    record DataAnswer(Verbatim data, boolean masked) {}

    record ForeseenAnswer(Result result, String text, List<ChangedPlace> changes) {

        static ForeseenAnswer of(Foreseen foreseen, Language language) {
            return new ForeseenAnswer(
                    foreseen.result(),
                    foreseen.said().in(language),
                    foreseen.changes().stream().map(ChangedPlace::of).toList());
        }
    }

    /** Of what is masked already; masking it once more as a text of its own would say less. */
    record ChangedPlace(
            Verbatim at,
            @Nullable Verbatim before,
            @Nullable Verbatim after) {

        static ChangedPlace of(DataChange change) {
            return new ChangedPlace(new Verbatim(change.at()), verbatim(change.before()), verbatim(change.after()));
        }

        private static @Nullable Verbatim verbatim(@Nullable String text) {
            return text == null ? null : new Verbatim(text);
        }
    }

    @GetMapping
    @Requires(ConsolePermission.VIEW)
    @ForTenants("finds their sagas")
    FoundAnswer find(
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable UUID after,
            @RequestParam(defaultValue = "50") int size,
            Caller caller) {
        SagaFilter filter = SagaFilter.parse(q, settings.tenantAttribute());
        FoundPage page = filter.within(caller.scope())
                .map(theirs -> finder.find(theirs, after, size))
                .orElseGet(() -> new FoundPage(List.of(), null, true));
        return new FoundAnswer(page.sagas(), page.next(), page.isAll(), new Verbatim(filter.text()));
    }

    @GetMapping("/{id}")
    @Shared
    @Requires(ConsolePermission.VIEW)
    @ForTenants("knows their sagas")
    SagaAnswer saga(@PathVariable UUID id, Caller caller, Language language) {
        requireSeen(tenants, id, caller);
        SagaView saga = inspection.of(id).orElseThrow(() -> notFound(id));
        UUID parent = saga.parent();
        Set<UUID> linked = tenants.among(caller.scope(), linked(saga));
        StuckInbox.Verdict verdict = saga.verdict();
        List<Integer> others = foresight.otherVersions(saga.name(), saga.version());
        return new SagaAnswer(
                saga.sagaId(),
                saga.name(),
                saga.version(),
                saga.key(),
                saga.phase(),
                saga.reasonCode(),
                saga.reason(),
                saga.cause(),
                saga.deadlineAt(),
                saga.overdue(),
                saga.pause(),
                saga.attributes(),
                saga.traceId(),
                traceLink(saga),
                saga.revision(),
                saga.createdAt(),
                saga.updatedAt(),
                saga.readAt(),
                verdict == null ? null : verdict(saga, verdict, language),
                saga.steps().stream().map(SagaController::step).toList(),
                data.timeline(saga).stream().map(TimelineRow::of).toList(),
                saga.messages(),
                parent != null && linked.contains(parent) ? parent : null,
                saga.children().stream().filter(linked::contains).toList(),
                saga.why().in(language),
                saga.frames(),
                settings.readOnly() ? List.of() : PossibleVerbs.of(saga, caller, settings.edit(), !others.isEmpty()),
                others,
                AuditWords.in(
                        language,
                        trail.page(AuditQuery.ALL.saga(id), null, ACTIONS).lines()));
    }

    private @Nullable Verbatim traceLink(SagaView saga) {
        String link = settings.trace(saga.traceId());
        return link == null ? null : new Verbatim(link);
    }

    private static StepRow step(StepLine step) {
        String participant = step.participant();
        return new StepRow(
                step, step.forward(), step.backward(), participant == null ? null : Topics.commands(participant));
    }

    private VerdictRow verdict(SagaView saga, StuckInbox.Verdict verdict, Language language) {
        StuckReason reason = verdict.reason();
        String at = saga.at().map(StepLine::name).orElse(null);
        String note = settings.note(saga.name(), at, reason);
        return new VerdictRow(
                reason,
                reason.severity(),
                verdict.since(),
                language.say(reason.sentence()),
                language.say(reason.action()),
                settings.runbook(reason),
                note == null ? null : new Verbatim(note));
    }

    @GetMapping("/{id}/data")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("knows their sagas")
    DataAnswer data(@PathVariable UUID id, Caller caller) {
        requireSeen(tenants, id, caller);
        return new DataAnswer(new Verbatim(data.masked(id).orElseThrow(() -> notFound(id))), true);
    }

    /** Whoever sees it is noted first: that changes something, as a read does not. */
    @PostMapping(path = "/{id}/data/unmask", consumes = "application/json")
    @Requires(ConsolePermission.UNMASK)
    @ForTenants("knows their sagas")
    DataAnswer unmask(@PathVariable UUID id, @RequestBody ReasonRequest request, Caller caller) {
        requireSeen(tenants, id, caller);
        String text = data.unmasked(id, caller.operator(), request.needed()).orElseThrow(() -> notFound(id));
        return new DataAnswer(new Verbatim(text), false);
    }

    /**
     * What an order would do; nothing is done. It is asked with the order's body, since an address, where proxies and logs see
     * it, is no place for the result that a step is to be given. Who tries an edit could find out what is masked.
     */
    @PostMapping(path = "/{id}/{verb}/foresee", consumes = "application/json")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("knows their sagas")
    ForeseenAnswer foresee(
            @PathVariable UUID id,
            @PathVariable String verb,
            @RequestBody VerbRequest request,
            Caller caller,
            Language language) {
        if (verb.equals(EditAndRetry.NAME)) {
            AccessCheck.require(caller, ConsolePermission.EDIT);
            settings.requireEdit();
        }
        requireSeen(tenants, id, caller);
        Foreseen foreseen =
                foresight.of(List.of(id), request.verb(VerbRequest.known(verb))).get(0);
        if (foreseen.result() == Result.NOT_FOUND) {
            throw notFound(id);
        }
        return ForeseenAnswer.of(foreseen, language);
    }

    private static Set<UUID> linked(SagaView saga) {
        return Stream.concat(Stream.ofNullable(saga.parent()), saga.children().stream())
                .collect(Collectors.toSet());
    }

    /** @throws ConsoleProblem if it is another tenant's; that there is such a saga is nothing that they are told */
    static void requireSeen(SagaTenants tenants, UUID id, Caller caller) {
        if (!tenants.sees(caller.scope(), id)) {
            throw notFound(id);
        }
    }

    static ConsoleProblem notFound(UUID id) {
        return ConsoleProblem.notFound(Sentence.of(
                "There is no saga %s here. It may have ended and been removed, or be another service's.", id));
    }
}
