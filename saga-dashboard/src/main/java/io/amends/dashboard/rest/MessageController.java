package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.KeyReusedException;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.messages.SetAside;
import io.amends.dashboard.messages.SetAsideMessage;
import io.amends.dashboard.messages.WaitingInbox;
import io.amends.dashboard.refresh.Shared;
import io.amends.outbox.inbox.ParkedMessage;
import io.amends.outbox.inbox.ParkedMessages;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;

/** Messages that were set aside, those that nobody could take and those that a consumer could not handle; and what waits in the inbox. */
@RequestMapping("/api/v1/messages")
public final class MessageController implements ConsoleController {

    private static final int MOST = 200;
    private static final int MOST_WAITING = 50;

    private final BoundedReads reads;
    private final SetAside setAside;
    private final WaitingInbox inbox;
    private final ParkedMessages parked;
    private final AuditLog log;
    private final PlatformTransactionManager transactions;
    private final TransactionTemplate transaction;

    /** Of those; each order and its line of the audit are one transaction. */
    public MessageController(
            BoundedReads reads,
            SetAside setAside,
            WaitingInbox inbox,
            ParkedMessages parked,
            AuditLog log,
            PlatformTransactionManager transactions) {
        this.reads = reads;
        this.transactions = transactions;
        this.setAside = setAside;
        this.inbox = inbox;
        this.parked = parked;
        this.log = log;
        this.transaction = new TransactionTemplate(transactions);
    }

    record MessagesAnswer(
            List<SetAsideMessage> setAside, List<ParkedRow> parkedMessages, WaitingInbox.InboxWaiting waiting) {}

    record ParkedRow(
            long id,
            String consumer,
            String topic,
            int partition,
            long offset,
            @Nullable UUID messageId,
            @Nullable String key,
            String reason,
            int attempts,
            Instant parkedAt,
            @Nullable Instant nextAttemptAt,
            long waiting) {

        static ParkedRow of(ParkedMessage message) {
            byte[] key = message.key();
            return new ParkedRow(
                    message.id(),
                    message.consumer(),
                    message.topic(),
                    message.partition(),
                    message.offset(),
                    message.messageId(),
                    key == null ? null : new String(key, StandardCharsets.UTF_8),
                    message.reason(),
                    message.attempts(),
                    message.parkedAt(),
                    message.nextAttemptAt(),
                    message.waiting());
        }
    }

    record DoneAnswer(String said) {}

    @GetMapping
    @Shared
    @Requires(ConsolePermission.VIEW)
    MessagesAnswer messages() {
        return new MessagesAnswer(
                setAside.latest(MOST),
                reads.read(jdbc -> new ParkedMessages(jdbc, transactions).all(MOST)).stream()
                        .map(ParkedRow::of)
                        .toList(),
                inbox.read(MOST_WAITING));
    }

    @PostMapping(path = "/parked/{id}/retry", consumes = "application/json")
    @Requires(ConsolePermission.REPAIR)
    DoneAnswer retry(
            @PathVariable long id,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ReasonRequest request,
            Caller caller) {
        String reason = request.needed();
        noted("message-retry", id, reason, caller, key, () -> parked.retry(id, caller.name(), reason));
        return new DoneAnswer("Message %d is tried again soon, and those behind it after it.".formatted(id));
    }

    @PostMapping(path = "/parked/{id}/discard", consumes = "application/json")
    @Requires(ConsolePermission.REPAIR)
    DoneAnswer discard(
            @PathVariable long id,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ReasonRequest request,
            Caller caller) {
        String reason = request.needed();
        noted("message-discard", id, reason, caller, key, () -> parked.discard(id, caller.name(), reason));
        return new DoneAnswer("Message %d is dropped, and those behind it are handled soon.".formatted(id));
    }

    private void noted(String verb, long id, String reason, Caller caller, @Nullable String given, Runnable work) {
        String key = VerbController.key(given);
        String arguments = "{\"id\":\"%d\"}".formatted(id);
        Subject subject = Subject.NONE;
        try {
            transaction.executeWithoutResult(status -> {
                if (log.earlier(key, caller.operator(), verb, arguments, subject)
                        .isPresent()) {
                    return;
                }
                if (parked.find(id).isEmpty()) {
                    throw ConsoleProblem.notFound(Sentence.of("Message %d is not set aside any more.", id));
                }
                work.run();
                log.append(AuditEntry.note(caller.operator(), verb, arguments, subject, reason)
                        .under(key));
            });
        } catch (KeyReusedException reused) {
            throw reused;
        } catch (IllegalArgumentException | IllegalStateException refused) {
            String why = String.valueOf(refused.getMessage());
            transaction.executeWithoutResult(
                    status -> log.append(AuditEntry.refused(caller.operator(), verb, arguments, subject, reason, why)));
            throw ConsoleProblem.conflict("NOT_POSSIBLE", Sentence.verbatim(why), Map.of());
        }
    }
}
