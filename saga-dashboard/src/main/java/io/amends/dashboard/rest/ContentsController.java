package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.messages.RawMessages;
import io.amends.dashboard.rest.Contents.ContentsAnswer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import tools.jackson.databind.json.JsonMapper;

/**
 * What messages hold that lie around, without what is masked: all of it where this process does not know their type. What was set
 * aside can be dropped when somebody has looked.
 */
@RequestMapping("/api/v1")
public final class ContentsController implements ConsoleController {

    private static final String DISCARD = "set-aside-discard";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final RawMessages messages;
    private final Contents contents;
    private final JdbcOperations jdbc;
    private final AuditLog log;
    private final TransactionTemplate transaction;

    /** Of those. */
    public ContentsController(
            RawMessages messages,
            Contents contents,
            JdbcOperations jdbc,
            AuditLog log,
            PlatformTransactionManager transactions) {
        this.messages = messages;
        this.contents = contents;
        this.jdbc = jdbc;
        this.log = log;
        this.transaction = new TransactionTemplate(transactions);
    }

    record DiscardedAnswer(String said) {}

    @GetMapping("/messages/set-aside/{topic}/{partition}/{offset}")
    @Requires(ConsolePermission.VIEW)
    ContentsAnswer setAside(@PathVariable String topic, @PathVariable int partition, @PathVariable long offset) {
        return messages.setAside(topic, partition, offset)
                .map(contents::masked)
                .orElseThrow(() -> gone(Sentence.verbatim(place(topic, partition, offset))));
    }

    @GetMapping("/messages/parked/{id}")
    @Requires(ConsolePermission.VIEW)
    ContentsAnswer parked(@PathVariable long id) {
        return messages.parked(id).map(contents::masked).orElseThrow(() -> gone(Sentence.of("Message %d", id)));
    }

    @GetMapping("/outbox/parked/{position}/contents")
    @Requires(ConsolePermission.VIEW)
    ContentsAnswer refused(@PathVariable long position) {
        return messages.refused(position)
                .map(contents::masked)
                .orElseThrow(() -> gone(Sentence.of("Position %d", position)));
    }

    @PostMapping(path = "/messages/set-aside/{topic}/{partition}/{offset}/discard", consumes = "application/json")
    @Requires(ConsolePermission.REPAIR)
    DiscardedAnswer discard(
            @PathVariable String topic,
            @PathVariable int partition,
            @PathVariable long offset,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String given,
            @RequestBody ReasonRequest request,
            Caller caller) {
        String reason = request.needed();
        String key = VerbController.key(given);
        String place = place(topic, partition, offset);
        Map<String, String> named = new LinkedHashMap<>();
        named.put("topic", topic);
        named.put("partition", Integer.toString(partition));
        named.put("offset", Long.toString(offset));
        String arguments = JSON.writeValueAsString(named);
        DiscardedAnswer done = new DiscardedAnswer(place + " is deleted.");
        return Objects.requireNonNull(transaction.execute(status -> {
            if (log.earlier(key, caller.operator(), DISCARD, arguments, Subject.NONE)
                    .isPresent()) {
                return done;
            }
            int deleted = jdbc.update(
                    "delete from saga_inbox_quarantine where topic = ? and partition_no = ? and offset_no = ?",
                    topic,
                    partition,
                    offset);
            if (deleted == 0) {
                throw gone(Sentence.verbatim(place));
            }
            log.append(AuditEntry.note(caller.operator(), DISCARD, arguments, Subject.NONE, reason)
                    .under(key));
            return done;
        }));
    }

    private static String place(String topic, int partition, long offset) {
        return "%s-%d@%d".formatted(topic, partition, offset);
    }

    private static ConsoleProblem gone(Sentence what) {
        return ConsoleProblem.notFound(Sentence.of("%s is not set aside, or not any more.", what));
    }
}
