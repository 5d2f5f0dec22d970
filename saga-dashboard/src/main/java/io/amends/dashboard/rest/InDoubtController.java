package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.twopc.InDoubtSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;

/** Branches of two-phase commit that are in doubt. */
@RequestMapping("/api/v1")
public final class InDoubtController implements ConsoleController {

    private static final String VERB = "settle-in-doubt";

    private final InDoubtSource source;
    private final AuditLog log;
    private final TransactionTemplate transaction;

    /** Told by that; orders are noted there. */
    public InDoubtController(InDoubtSource source, AuditLog log, PlatformTransactionManager transactions) {
        this.source = source;
        this.log = log;
        this.transaction = new TransactionTemplate(transactions);
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
        return answer(source.look());
    }

    /**
     * The order is noted before, in a transaction of its own: what it does is done in the participants' databases. It can't end a
     * branch otherwise than the log of decisions says, so that a repeat does no harm.
     */
    @PostMapping(path = "/in-doubt/settle", consumes = "application/json")
    @Requires(ConsolePermission.REPAIR)
    InDoubtAnswer settle(
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String given,
            @RequestBody ReasonRequest request,
            Caller caller) {
        String reason = request.needed();
        String key = VerbController.key(given);
        if (!source.look().present()) {
            throw ConsoleProblem.conflict(
                    "NOT_POSSIBLE",
                    Sentence.of("This application has no two-phase commits. Nothing was done."),
                    Map.of());
        }
        transaction.executeWithoutResult(status -> {
            if (log.earlier(key, caller.operator(), VERB, "", Subject.NONE).isEmpty()) {
                log.append(AuditEntry.note(caller.operator(), VERB, "", Subject.NONE, reason)
                        .under(key));
            }
        });
        source.settle();
        return answer(source.look());
    }

    private static InDoubtAnswer answer(InDoubtSource.InDoubt told) {
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
