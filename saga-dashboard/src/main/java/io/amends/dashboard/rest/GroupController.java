package io.amends.dashboard.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.failures.FailureGroup;
import io.amends.dashboard.failures.FailureGroups;
import io.amends.dashboard.failures.FoundGroups;
import io.amends.dashboard.failures.GroupChange;
import io.amends.dashboard.failures.GroupChangedException;
import io.amends.dashboard.failures.GroupNote;
import io.amends.dashboard.failures.GroupNotes;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.refresh.Shared;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.stuck.Severity;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Stuck sagas of the same kind of failure, and what operators wrote down about them. */
@RequestMapping("/api/v1/groups")
public final class GroupController implements ConsoleController {

    private static final int MOST = 200;

    private final FailureGroups groups;
    private final GroupNotes notes;
    private final int most;

    /** Of those groups. */
    public GroupController(FailureGroups groups, GroupNotes notes) {
        this(groups, notes, MOST);
    }

    /** Likewise, with so many in an answer. */
    GroupController(FailureGroups groups, GroupNotes notes, int most) {
        this.groups = groups;
        this.notes = notes;
        this.most = most;
    }

    record GroupsAnswer(List<GroupRow> groups, boolean isAll, boolean isMore) {}

    record GroupRow(
            @JsonUnwrapped FailureGroup group,
            Severity severity,
            @Nullable GroupNote note) {}

    @GetMapping
    @Shared
    @Requires(ConsolePermission.VIEW)
    @ForTenants("groups their sagas, without notes")
    GroupsAnswer groups(@RequestParam(defaultValue = "") String q, Caller caller) {
        // One more than is told, so that it is known whether there is one.
        FoundGroups all = groups.find(GroupFilter.query(SagaFilter.parse(q)), most + 1, caller.scope());
        boolean isMore = all.groups().size() > most;
        List<FailureGroup> found = isMore ? all.groups().subList(0, most) : all.groups();
        // Notes are about a failure of whatever tenant, so that they may name any.
        Map<String, GroupNote> noted = caller.scope().isAll()
                ? notes.of(found.stream().map(FailureGroup::id).toList())
                : Map.of();
        return new GroupsAnswer(
                found.stream()
                        .map(group -> new GroupRow(group, group.reason().severity(), noted.get(group.id())))
                        .toList(),
                all.isAll(),
                isMore);
    }

    /** Whoever is the first to write something names the revision 0. */
    @PostMapping(path = "/{id}/note", consumes = "application/json")
    @Requires(ConsolePermission.OPERATE)
    GroupNote note(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String seen,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody NoteRequest request,
            Caller caller) {
        GroupChange change = new GroupChange(
                id,
                VerbController.revision(seen),
                request.note(),
                request.owner(),
                request.until(),
                caller.operator(),
                VerbRequest.reason(request.reason()),
                VerbController.key(key));
        if (change.seenRevision() == 0 && !groups.has(id)) {
            throw ConsoleProblem.notFound(Sentence.of(
                    "No stuck saga is in group %s now. Those that were may have gone on since you looked.", id));
        }
        try {
            return notes.write(change);
        } catch (GroupChangedException faster) {
            throw ConsoleProblem.conflict("CHANGED_SINCE", faster.told(), Map.of());
        }
    }
}
