package io.amends.dashboard.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.failures.GroupNotes;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.messages.SetAside;
import io.amends.dashboard.refresh.Shared;
import io.amends.dashboard.stuck.AgeBucket;
import io.amends.dashboard.stuck.Severity;
import io.amends.dashboard.stuck.StuckCounts;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.stuck.StuckPage;
import io.amends.dashboard.stuck.StuckQuery;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.dashboard.stuck.StuckSaga;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What is stuck. */
@RequestMapping("/api/v1")
public final class StuckController implements ConsoleController {

    private final StuckInbox inbox;
    private final GroupNotes notes;
    private final SetAside setAside;
    private final MoneyAtRisk money;
    private final ConsoleSettings settings;
    private final Supplier<OptionalLong> inDoubt;

    /** @param inDoubt how many branches of two-phase commits are in doubt, empty where there are none of the kind */
    public StuckController(
            StuckInbox inbox,
            GroupNotes notes,
            SetAside setAside,
            MoneyAtRisk money,
            ConsoleSettings settings,
            Supplier<OptionalLong> inDoubt) {
        this.inbox = inbox;
        this.notes = notes;
        this.setAside = setAside;
        this.money = money;
        this.settings = settings;
        this.inDoubt = inDoubt;
    }

    record StuckAnswer(List<StuckRow> sagas, @Nullable String next, boolean isAll) {}

    record StuckRow(
            @JsonUnwrapped StuckSaga saga,
            Severity severity,
            String action,
            String runbook,
            @Nullable String money,
            @Nullable Instant mutedUntil) {}

    record CountsAnswer(
            long total,
            boolean isAll,
            @Nullable Instant oldest,
            Map<StuckReason, Long> byReason,
            Map<String, Long> byDefinition,
            Map<AgeBucket, Long> byAge,
            Map<StuckReason, ReasonRow> reasons,
            Map<StuckReason, Long> messages,
            @Nullable Long inDoubt,
            MoneyAtRisk.@Nullable MoneyAnswer money) {}

    record ReasonRow(Severity severity, String sentence, String action, String runbook) {}

    @GetMapping("/stuck")
    @Shared
    @Requires(ConsolePermission.VIEW)
    @ForTenants("lists their sagas")
    StuckAnswer stuck(
            @RequestParam(required = false) @Nullable StuckReason reason,
            @RequestParam(required = false) @Nullable String saga,
            @RequestParam(required = false) @Nullable Integer version,
            @RequestParam(required = false) @Nullable AgeBucket age,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "50") int size,
            Caller caller,
            Language language) {
        StuckPage page = inbox.page(new StuckQuery(reason, saga, version, age, place(after), size), caller.scope());
        Map<UUID, String> atRisk =
                money.of(page.sagas().stream().map(StuckSaga::sagaId).toList());
        Map<UUID, Instant> muted = notes.mutedAmong(page.sagas());
        StuckQuery.Place next = page.next();
        return new StuckAnswer(
                page.sagas().stream()
                        .map(stuck -> new StuckRow(
                                stuck,
                                stuck.reason().severity(),
                                language.say(stuck.reason().action()),
                                settings.runbook(stuck.reason()),
                                atRisk.get(stuck.sagaId()),
                                muted.get(stuck.sagaId())))
                        .toList(),
                next == null ? null : Cursor.of(next.since(), next.sagaId()),
                page.isAll());
    }

    private static StuckQuery.@Nullable Place place(@Nullable String after) {
        if (after == null || after.isEmpty()) {
            return null;
        }
        List<String> parts = Cursor.read(after, 2);
        try {
            return new StuckQuery.Place(Instant.parse(parts.get(0)), UUID.fromString(parts.get(1)));
        } catch (DateTimeParseException | IllegalArgumentException madeUp) {
            throw Cursor.bad();
        }
    }

    /** Asked every few seconds; what did not change is not sent again, as its tag tells. */
    @GetMapping("/stuck/counts")
    @Shared
    @Requires(ConsolePermission.VIEW)
    @ForTenants("counts their sagas, and no messages")
    ResponseEntity<CountsAnswer> counts(Caller caller, Language language) {
        StuckCounts counts = money.counts(caller.scope());
        Map<StuckReason, ReasonRow> reasons = new EnumMap<>(StuckReason.class);
        Stream.of(StuckReason.values())
                .forEach(reason -> reasons.put(
                        reason,
                        new ReasonRow(
                                reason.severity(),
                                language.say(reason.sentence()),
                                language.say(reason.action()),
                                settings.runbook(reason))));
        // Messages and branches are of no tenant, and who sees some tenants only is not told of them.
        boolean isAll = caller.scope().isAll();
        OptionalLong branches = isAll ? inDoubt.get() : OptionalLong.empty();
        CountsAnswer answer = new CountsAnswer(
                counts.total(),
                counts.isAll(),
                counts.oldest(),
                counts.byReason(),
                counts.byDefinition(),
                counts.byAge(),
                reasons,
                isAll ? setAside.counts() : Map.of(),
                branches.isPresent() ? branches.getAsLong() : null,
                MoneyAtRisk.answer(counts));
        String tag = "\"%s\"".formatted(UUID.nameUUIDFromBytes(answer.toString().getBytes(StandardCharsets.UTF_8)));
        return ResponseEntity.ok()
                .eTag(tag)
                .cacheControl(CacheControl.noStore())
                .body(answer);
    }
}
