package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.refresh.Shared;
import io.amends.outbox.operations.LaneState;
import io.amends.outbox.operations.Order;
import io.amends.outbox.operations.OutboxFigures;
import io.amends.outbox.operations.OutboxInspection;
import io.amends.outbox.operations.OutboxOperations;
import io.amends.outbox.operations.ParkedFilter;
import io.amends.outbox.operations.ParkedRecord;
import io.amends.outbox.operations.RelayState;
import io.amends.outbox.operations.SegmentState;
import io.amends.outbox.operations.VerbResult;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;

/** The outbox, and what Kafka refused of it. */
@RequestMapping("/api/v1/outbox")
public final class OutboxController implements ConsoleController {

    private static final int MOST_WAITING = 1_000;
    private static final int MOST_PARKED = 200;

    private final BoundedReads reads;
    private final OutboxOperations operations;
    private final AuditLog log;
    private final TransactionTemplate transaction;

    /** Of that outbox; each order and its line of the audit are one transaction. */
    public OutboxController(
            BoundedReads reads, OutboxOperations operations, AuditLog log, PlatformTransactionManager transactions) {
        this.reads = reads;
        this.operations = operations;
        this.log = log;
        this.transaction = new TransactionTemplate(transactions);
    }

    record OutboxAnswer(
            OutboxFigures figures,
            List<LaneState> lanes,
            List<RelayState> relays,
            List<SegmentState> segments,
            List<ParkedRecord> parked) {}

    @GetMapping
    @Shared
    @Requires(ConsolePermission.VIEW)
    OutboxAnswer outbox() {
        return reads.read(jdbc -> {
            OutboxInspection inspection = new OutboxInspection(jdbc);
            return new OutboxAnswer(
                    inspection.figures(),
                    inspection.lanes(MOST_WAITING),
                    inspection.relays(),
                    inspection.segments(),
                    inspection.parked(ParkedFilter.ALL, 0, MOST_PARKED));
        });
    }

    @PostMapping(path = "/parked/{position}/unpark", consumes = "application/json")
    @Requires(ConsolePermission.REPAIR)
    VerbResult unpark(
            @PathVariable long position,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ReasonRequest request,
            Caller caller,
            Language language) {
        String reason = request.needed();
        return noted(
                "outbox-unpark",
                position,
                reason,
                caller,
                language,
                key,
                () -> operations.unpark(position, new Order(caller.name(), reason)));
    }

    @PostMapping(path = "/parked/{position}/discard", consumes = "application/json")
    @Requires(ConsolePermission.REPAIR)
    VerbResult discard(
            @PathVariable long position,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ReasonRequest request,
            Caller caller,
            Language language) {
        String reason = request.needed();
        return noted(
                "outbox-discard",
                position,
                reason,
                caller,
                language,
                key,
                () -> operations.discard(position, new Order(caller.name(), reason)));
    }

    private interface Work {
        VerbResult run();
    }

    private VerbResult noted(
            String verb,
            long position,
            String reason,
            Caller caller,
            Language language,
            @Nullable String given,
            Work work) {
        String key = VerbController.key(given);
        String arguments = "{\"position\":\"%d\"}".formatted(position);
        Subject subject = Subject.NONE;
        VerbResult result = Objects.requireNonNull(transaction.execute(status -> {
            Optional<AuditLine> before = log.earlier(key, caller.operator(), verb, arguments, subject);
            if (before.isPresent()) {
                return new VerbResult(
                        VerbResult.Outcome.DONE,
                        Objects.requireNonNullElse(before.get().entry().explanation(), ""));
            }
            VerbResult done = work.run();
            log.append(
                    done.outcome() == VerbResult.Outcome.DONE
                            ? AuditEntry.note(caller.operator(), verb, arguments, subject, reason)
                                    .saying(done.said())
                                    .under(key)
                            : AuditEntry.refused(caller.operator(), verb, arguments, subject, reason, done.said()));
            return done;
        }));
        return answer(result, Sentence.recalled(result.said()), language);
    }

    /**
     * What is answered.
     *
     * @param said what the result says, for who reads it in another language
     * @throws ConsoleProblem if it was not done
     */
    static VerbResult answer(VerbResult result, Sentence said, Language language) {
        return switch (result.outcome()) {
            case DONE -> new VerbResult(result.outcome(), said.in(language));
            case NOT_FOUND -> throw ConsoleProblem.notFound(said);
            default ->
                throw ConsoleProblem.conflict(
                        "NOT_POSSIBLE", said, Map.of("result", result.outcome().name()));
        };
    }
}
