package io.amends.dashboard.twopc;

import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.rest.ConsoleController;
import io.amends.dashboard.rest.Verbatim;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** Branches of two-phase commit that are in doubt. */
@RequestMapping("/api/v1")
public final class InDoubtController implements ConsoleController {

    private final InDoubtSource source;

    /** Told by that. */
    public InDoubtController(InDoubtSource source) {
        this.source = source;
    }

    record InDoubtAnswer(boolean present, List<BranchRow> branches, List<String> away) {}

    /** The name and the advice as they are: somebody runs them. */
    record BranchRow(
            String participant,
            Verbatim transaction,
            Verbatim gid,
            Duration age,
            @Nullable String decision,
            boolean running,
            Verbatim advice) {}

    @GetMapping("/in-doubt")
    @Requires(ConsolePermission.VIEW)
    InDoubtAnswer inDoubt() {
        InDoubtSource.InDoubt told = source.look();
        return new InDoubtAnswer(
                told.present(),
                told.branches().stream()
                        .map(branch -> new BranchRow(
                                branch.participant(),
                                new Verbatim(branch.transaction()),
                                new Verbatim(branch.gid()),
                                branch.age(),
                                branch.decision(),
                                branch.running(),
                                new Verbatim(branch.advice())))
                        .toList(),
                told.away());
    }
}
