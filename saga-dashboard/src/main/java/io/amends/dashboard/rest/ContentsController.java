package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.messages.RawMessage;
import io.amends.dashboard.messages.RawMessages;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

    private static final int LONGEST = 64 * 1024;
    private static final int LONGEST_HEADER = 2_000;
    private static final String DISCARD = "set-aside-discard";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final RawMessages messages;
    private final Masking masking;
    private final Set<String> known;
    private final JdbcOperations jdbc;
    private final AuditLog log;
    private final TransactionTemplate transaction;

    /**
     * Of those.
     *
     * @param known the logical types of which this process knows what is masked
     */
    public ContentsController(
            RawMessages messages,
            Masking masking,
            Set<String> known,
            JdbcOperations jdbc,
            AuditLog log,
            PlatformTransactionManager transactions) {
        this.messages = messages;
        this.masking = masking;
        this.known = Set.copyOf(known);
        this.jdbc = jdbc;
        this.log = log;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * What a message holds.
     *
     * @param type its logical type, null if it names none
     * @param headers its headers
     * @param payload its payload, masked; null if it is no JSON
     * @param bytes how long the payload is
     * @param told what is not shown of it, in words; null if all is that is not masked
     */
    record ContentsAnswer(
            @Nullable String type,
            List<HeaderRow> headers,
            @Nullable Verbatim payload,
            int bytes,
            @Nullable String told) {}

    record HeaderRow(String name, Verbatim value) {}

    record DiscardedAnswer(String said) {}

    @GetMapping("/messages/set-aside/{topic}/{partition}/{offset}")
    @Requires(ConsolePermission.VIEW)
    ContentsAnswer setAside(@PathVariable String topic, @PathVariable int partition, @PathVariable long offset) {
        return messages.setAside(topic, partition, offset)
                .map(this::answer)
                .orElseThrow(() -> gone(place(topic, partition, offset)));
    }

    @GetMapping("/messages/parked/{id}")
    @Requires(ConsolePermission.VIEW)
    ContentsAnswer parked(@PathVariable long id) {
        return messages.parked(id).map(this::answer).orElseThrow(() -> gone("Message " + id));
    }

    @GetMapping("/outbox/parked/{position}/contents")
    @Requires(ConsolePermission.VIEW)
    ContentsAnswer refused(@PathVariable long position) {
        return messages.refused(position).map(this::answer).orElseThrow(() -> gone("Position " + position));
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
                throw gone(place);
            }
            log.append(AuditEntry.note(caller.operator(), DISCARD, arguments, Subject.NONE, reason)
                    .under(key));
            return done;
        }));
    }

    private ContentsAnswer answer(RawMessage message) {
        List<HeaderRow> headers = message.headers().entrySet().stream()
                .map(header -> header(header.getKey(), header.getValue()))
                .toList();
        byte[] payload = message.payload();
        if (payload == null || payload.length == 0) {
            return new ContentsAnswer(message.type(), headers, null, 0, "It has no payload.");
        }
        String text = new String(payload, StandardCharsets.UTF_8).strip();
        if (!text.startsWith("{") && !text.startsWith("[")) {
            return new ContentsAnswer(
                    message.type(), headers, null, payload.length, "Its payload is no JSON, and is not shown.");
        }
        boolean isKnown = message.type() != null && known.contains(message.type());
        return new ContentsAnswer(
                message.type(),
                headers,
                new Verbatim(shortened(isKnown ? masking.text(text) : masking.everything(text), LONGEST)),
                payload.length,
                isKnown ? null : "This process does not know the type, so every value is masked.");
    }

    /** Masked by its name, as a field of a payload is. */
    private HeaderRow header(String name, byte[] value) {
        String field = JSON.writeValueAsString(Map.of(name, new String(value, StandardCharsets.UTF_8)));
        String masked = JSON.readTree(masking.text(field)).path(name).asString();
        return new HeaderRow(name, new Verbatim(shortened(masked, LONGEST_HEADER)));
    }

    private static String shortened(String text, int most) {
        return text.length() <= most
                ? text
                : text.substring(0, most) + "… (%d of %d characters)".formatted(most, text.length());
    }

    private static String place(String topic, int partition, long offset) {
        return "%s-%d@%d".formatted(topic, partition, offset);
    }

    private static ConsoleProblem gone(String what) {
        return ConsoleProblem.notFound(what + " is not set aside, or not any more.");
    }
}
