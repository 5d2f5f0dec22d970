package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.DataEdit;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.rest.SagaController.ChangedPlace;
import io.amends.dashboard.verbs.ConsoleVerb.EditAndRetry;
import io.amends.dashboard.verbs.EditedData;
import io.amends.outbox.HeaderCodec;
import io.amends.outbox.operations.Order;
import io.amends.outbox.operations.OutboxEdit;
import io.amends.outbox.operations.OutboxOperations;
import io.amends.outbox.operations.VerbResult;
import io.amends.runtime.wire.WireHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
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
 * What Kafka refused of the outbox, to be edited; where that is switched on, and needs no second person, whom this has no
 * place for.
 */
@RequestMapping("/api/v1/outbox/parked/{position}")
public final class OutboxEditController implements ConsoleController {

    private static final String VERB = "outbox-edit";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** As an order about it does: nobody else decides about the key meanwhile. */
    private static final String LOCK = """
            select 1 from saga_parked_key k
              join saga_parked p on p.aggregatetype = k.aggregatetype and p.aggregateid = k.aggregateid
             where p.position = ? for update of k""";

    private final JdbcOperations jdbc;
    private final OutboxOperations operations;
    private final EditedData edits;
    private final Masking masking;
    private final AuditLog log;
    private final TransactionTemplate transaction;
    private final ConsoleSettings settings;

    /** Of that outbox; each order and its line of the audit are one transaction. */
    public OutboxEditController(
            JdbcOperations jdbc,
            OutboxOperations operations,
            EditedData edits,
            Masking masking,
            AuditLog log,
            PlatformTransactionManager transactions,
            ConsoleSettings settings) {
        this.jdbc = jdbc;
        this.operations = operations;
        this.edits = edits;
        this.masking = masking;
        this.log = log;
        this.transaction = new TransactionTemplate(transactions);
        this.settings = settings;
    }

    /**
     * A refused message.
     *
     * @param payload what of it is JSON, masked; null if it is no text
     * @param revision what an edit names that acts on what was seen
     */
    record ParkedAnswer(
            long position,
            String topic,
            String key,
            String type,
            @Nullable Verbatim payload,
            String revision) {}

    /**
     * What is to be put in the place of what; null leaves it as it is.
     *
     * @param reason why
     * @param topic the topic
     * @param payload the payload, as a text that is JSON; what was shown masked may stand in it as it was shown
     */
    record EditRequest(
            @Nullable String reason,
            @Nullable String topic,
            @Nullable String payload) {}

    record EditForeseen(boolean possible, String text, List<ChangedPlace> changes) {}

    private record Parked(String topic, String key, String type, byte[] payload, byte[] headers) {

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** All of it. Payload and headers may be anything, also bytes that are no text. */
        String whole() {
            return "%s %s %s %s"
                    .formatted(
                            topic,
                            type,
                            HexFormat.of().formatHex(payload),
                            HexFormat.of().formatHex(headers));
        }
    }

    @GetMapping
    @Requires(ConsolePermission.EDIT)
    ParkedAnswer parked(@PathVariable long position) {
        requireEdit();
        Parked found = found(position);
        String text = found.text();
        boolean isText = text.startsWith("{") || text.startsWith("[");
        return new ParkedAnswer(
                position,
                found.topic(),
                found.key(),
                found.type(),
                isText ? new Verbatim(masking.text(text)) : null,
                revision(found));
    }

    /** What an edit would change; nothing is done. */
    @PostMapping(path = "/edit/foresee", consumes = "application/json")
    @Requires(ConsolePermission.EDIT)
    EditForeseen foresee(@PathVariable long position, @RequestBody EditRequest request, Language language) {
        requireEdit();
        Wanted wanted = wanted(found(position), request);
        return new EditForeseen(
                wanted.trouble() == null,
                (wanted.trouble() == null
                                ? Sentence.of("It is tried again with that, and then what waits behind it.")
                                : wanted.trouble())
                        .in(language),
                wanted.changes());
    }

    @PostMapping(path = "/edit", consumes = "application/json")
    @Requires(ConsolePermission.EDIT)
    VerbResult edit(
            @PathVariable long position,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String seen,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String given,
            @RequestBody EditRequest request,
            Caller caller,
            Language language) {
        requireEdit();
        String reason = VerbRequest.reason(request.reason());
        String key = VerbController.key(given);
        if (seen == null) {
            throw new ConsoleProblem(
                    428,
                    "REVISION_NEEDED",
                    Sentence.of("Say in the header If-Match which 'revision' of the message you looked at."));
        }
        Answered answered = Objects.requireNonNull(transaction.execute(status -> {
            Optional<AuditLine> before =
                    log.earlier(key, caller.operator(), VERB, arguments(position, request), Subject.NONE);
            return before.map(line -> Answered.of(new VerbResult(
                            VerbResult.Outcome.DONE,
                            Objects.requireNonNullElse(line.entry().explanation(), ""))))
                    .orElseGet(() -> carryOut(position, seen, request, reason, key, caller));
        }));
        return OutboxController.answer(answered.result(), answered.said(), language);
    }

    /** @param said what the result says in English */
    private record Answered(VerbResult result, Sentence said) {

        static Answered of(VerbResult result) {
            return new Answered(result, Sentence.recalled(result.said()));
        }
    }

    private Answered carryOut(
            long position, String seen, EditRequest request, String reason, @Nullable String key, Caller caller) {
        jdbc.query(LOCK, row -> {}, position);
        Parked parked = found(position);
        if (!seen.replace("\"", "").strip().equals(revision(parked))) {
            throw ConsoleProblem.conflict(
                    "CHANGED_SINCE",
                    Sentence.of("The message was edited since you looked. Nothing was done; look again."),
                    Map.of());
        }
        Wanted wanted = wanted(parked, request);
        Sentence trouble = wanted.trouble();
        Answered answered = trouble == null
                ? Answered.of(operations.edit(position, wanted.edit(), new Order(caller.name(), reason)))
                : new Answered(new VerbResult(VerbResult.Outcome.UNSENDABLE, trouble.english()), trouble);
        VerbResult done = answered.result();
        String arguments = arguments(position, request);
        if (done.outcome() == VerbResult.Outcome.DONE) {
            log.append(
                    AuditEntry.note(caller.operator(), VERB, arguments, Subject.NONE, reason)
                            .saying(done.said())
                            .under(key),
                    wanted.after() == null ? null : new DataEdit(parked.text(), wanted.after()));
        } else {
            log.append(AuditEntry.refused(caller.operator(), VERB, arguments, Subject.NONE, reason, done.said()));
        }
        return answered;
    }

    /**
     * An edit as it would be stored.
     *
     * @param after the payload, null if it stays
     */
    private record Wanted(
            @Nullable String topic,
            @Nullable String after,
            List<ChangedPlace> changes,
            @Nullable Sentence trouble) {

        OutboxEdit edit() {
            if (after == null) {
                return OutboxEdit.ofTopic(String.valueOf(topic));
            }
            byte[] payload = after.getBytes(StandardCharsets.UTF_8);
            return topic == null ? OutboxEdit.ofPayload(payload) : new OutboxEdit(topic, null, payload, null);
        }
    }

    private Wanted wanted(Parked parked, EditRequest request) {
        if (isSigned(parked)) {
            return new Wanted(
                    null,
                    null,
                    List.of(),
                    Sentence.of(
                            "It is signed, and whoever receives it refuses what was changed since. Unpark it as it is, or discard it: its saga asks again. Nothing was changed."));
        }
        List<ChangedPlace> changes = new ArrayList<>();
        String topic = request.topic() == null || request.topic().isBlank()
                ? null
                : request.topic().strip();
        if (topic != null && topic.equals(parked.topic())) {
            topic = null;
        }
        if (topic != null) {
            changes.add(new ChangedPlace(new Verbatim("topic"), new Verbatim(parked.topic()), new Verbatim(topic)));
        }
        String payload = request.payload();
        if (payload == null || payload.isBlank() || edits.isAsShown(payload, parked.payload())) {
            return new Wanted(
                    topic,
                    null,
                    changes,
                    topic == null
                            ? Sentence.of("That changes nothing: to try it as it is, unpark it. Nothing was changed.")
                            : null);
        }
        EditedData.Edited edited = edits.message(payload, parked.type(), parked.payload());
        edited.changes().stream().map(ChangedPlace::of).forEach(changes::add);
        return new Wanted(topic, edited.after(), changes, edited.trouble());
    }

    private static boolean isSigned(Parked parked) {
        try {
            return HeaderCodec.decode(parked.headers()).containsKey(WireHeaders.SIGNATURE);
        } catch (IllegalArgumentException damaged) {
            // The edit itself tells so.
            return false;
        }
    }

    /** Made with the audit's key: who may not see all of it can't guess it from there. */
    private String revision(Parked parked) {
        return log.mark(parked.whole()).substring(AuditLog.MARK.length(), AuditLog.MARK.length() + 16);
    }

    private String arguments(long position, EditRequest request) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("position", Long.toString(position));
        if (request.topic() != null) {
            all.put("topic", request.topic());
        }
        if (request.payload() != null) {
            all.put("payload", log.mark(request.payload()));
        }
        return JSON.writeValueAsString(all);
    }

    private void requireEdit() {
        settings.requireEdit();
        if (settings.fourEyes().contains(EditAndRetry.NAME)) {
            throw new ConsoleProblem(
                    403,
                    "EDIT_OFF",
                    Sentence.of(
                            "Here '%s' needs a second person, who can approve what is ordered of sagas only. So refused messages are not edited in the console. Nothing was done.",
                            EditAndRetry.NAME));
        }
    }

    private Parked found(long position) {
        return jdbc
                .query(
                        "select aggregatetype, aggregateid, type, payload, headers from saga_parked where position = ?",
                        (row, number) -> new Parked(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                Objects.requireNonNull(row.getBytes(4)),
                                Objects.requireNonNull(row.getBytes(5))),
                        position)
                .stream()
                .findFirst()
                .orElseThrow(() -> ConsoleProblem.notFound(Sentence.of(
                        "Position %d is not parked: it was published or discarded, or never refused.", position)));
    }
}
