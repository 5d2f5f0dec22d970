package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.views.SavedView;
import io.amends.dashboard.views.SavedViews;
import io.amends.dashboard.views.ViewRefusedException;
import io.amends.dashboard.views.ViewText;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;

/** Searches under a name. Everybody keeps some for themselves; operators also some for all. */
@RequestMapping("/api/v1/views")
public final class ViewController implements ConsoleController {

    private final SavedViews views;
    private final Masking masking;
    private final ConsoleSettings settings;

    /** Of those. */
    public ViewController(SavedViews views, Masking masking, ConsoleSettings settings) {
        this.views = views;
        this.settings = settings;
        this.masking = masking;
    }

    record ViewRequest(
            @Nullable String name,
            @Nullable String q,
            @Nullable Boolean shared,
            @Nullable String reason) {}

    record ViewChangeRequest(
            @Nullable String name,
            @Nullable String q,
            @Nullable String reason) {}

    record ViewsAnswer(List<ViewRow> views) {}

    record ViewRow(
            UUID id, long revision, String name, Verbatim q, boolean shared, String changedBy, Instant changedAt) {}

    @GetMapping
    @Requires(ConsolePermission.VIEW)
    @ForTenants("lists their own alone")
    ViewsAnswer views(Caller caller) {
        return new ViewsAnswer(views.seenBy(caller.name()).stream()
                .filter(view -> isTheirs(view, caller))
                .map(this::row)
                .toList());
    }

    @PostMapping(consumes = "application/json")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("saves for themselves alone")
    ViewRow save(@RequestBody ViewRequest request, Caller caller) {
        boolean shared = Boolean.TRUE.equals(request.shared());
        String reason = reason(shared, request.reason(), caller);
        ViewText text = text(request.name(), request.q());
        return row(told(() -> views.save(text, shared, caller.operator(), reason)));
    }

    @PostMapping(path = "/{id}", consumes = "application/json")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("knows their own alone")
    ViewRow change(
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String seen,
            @RequestBody ViewChangeRequest request,
            Caller caller) {
        String reason = reason(found(id, caller).shared(), request.reason(), caller);
        ViewText text = text(request.name(), request.q());
        return row(told(() -> views.change(id, VerbController.revision(seen), text, caller.operator(), reason)));
    }

    @PostMapping(path = "/{id}/delete", consumes = "application/json")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("knows their own alone")
    ViewRow delete(
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String seen,
            @RequestBody ReasonRequest request,
            Caller caller) {
        String reason = reason(found(id, caller).shared(), request.reason(), caller);
        return row(told(() -> views.delete(id, VerbController.revision(seen), caller.operator(), reason)));
    }

    private SavedView found(UUID id, Caller caller) {
        return views.find(id, caller.name())
                .filter(view -> isTheirs(view, caller))
                .orElseThrow(() -> ConsoleProblem.notFound(
                        Sentence.of("You have no view %s. It may have been deleted since you looked.", id)));
    }

    /** A search that all share may name a saga of any tenant. */
    private static boolean isTheirs(SavedView view, Caller caller) {
        return !view.shared() || caller.scope().isAll();
    }

    private ViewText text(@Nullable String name, @Nullable String q) {
        if (name == null || q == null) {
            throw ConsoleProblem.badRequest(
                    Sentence.of("Say what the view is called and searches for, in 'name' and 'q'."));
        }
        return new ViewText(name, SagaFilter.parse(q, settings.tenantAttribute()));
    }

    /** Why; nobody asks for what somebody keeps for themselves. */
    private static @Nullable String reason(boolean shared, @Nullable String reason, Caller caller) {
        if (!shared) {
            return null;
        }
        AccessCheck.require(caller, ConsolePermission.OPERATE);
        if (!caller.scope().isAll()) {
            throw AccessCheck.ofAllTenants(caller);
        }
        return VerbRequest.reason(reason);
    }

    private static SavedView told(Supplier<SavedView> work) {
        try {
            return work.get();
        } catch (ViewRefusedException refused) {
            Sentence detail = refused.told();
            throw switch (refused.why()) {
                case NOT_FOUND -> ConsoleProblem.notFound(detail);
                case CHANGED_SINCE -> ConsoleProblem.conflict("CHANGED_SINCE", detail, Map.of());
                case NAME_TAKEN, TOO_MANY -> ConsoleProblem.conflict("NOT_POSSIBLE", detail, Map.of());
            };
        }
    }

    /** What somebody keeps for themselves they wrote. What others wrote is masked, in case that it was not when they did. */
    private ViewRow row(SavedView view) {
        return new ViewRow(
                view.id(),
                view.revision(),
                view.name(),
                new Verbatim(view.shared() ? masking.text(view.filter()) : view.filter()),
                view.shared(),
                view.changedBy(),
                view.changedAt());
    }
}
