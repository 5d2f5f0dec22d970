package io.amends.dashboard.kafka;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.kafka.NotedMessages.Noted;
import io.amends.dashboard.kafka.SagaRecord.State;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.messages.RawMessage;
import io.amends.dashboard.messages.RawMessages;
import io.amends.dashboard.rest.ConsoleController;
import io.amends.dashboard.rest.ConsoleProblem;
import io.amends.dashboard.rest.Contents;
import io.amends.dashboard.rest.Contents.ContentsAnswer;
import io.amends.dashboard.rest.ReasonRequest;
import io.amends.dashboard.tenants.SagaTenants;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import tools.jackson.databind.json.JsonMapper;

/** What the messages of a saga hold: those of its history as Kafka still has them, and those that wait here as they are stored. */
@RequestMapping("/api/v1/sagas/{id}")
public final class RecordController implements ConsoleController {

    private static final String UNMASK = "unmask-message";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final NotedMessages history;
    private final SentCommands commands;
    private final RawMessages stored;
    private final RecordSource kafka;
    private final SagaTenants tenants;
    private final Contents contents;
    private final AuditLog log;
    private final TransactionTemplate transaction;

    /**
     * With all that it asks.
     *
     * @param transactions of the database with the audit
     */
    public RecordController(
            NotedMessages history,
            SentCommands commands,
            RawMessages stored,
            RecordSource kafka,
            SagaTenants tenants,
            Contents contents,
            AuditLog log,
            PlatformTransactionManager transactions) {
        this.history = history;
        this.commands = commands;
        this.stored = stored;
        this.kafka = kafka;
        this.tenants = tenants;
        this.contents = contents;
        this.log = log;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * What came of reading a message.
     *
     * @param state the same in a word; the document of the console says what each means
     * @param place where it is or was, null if that is not known
     * @param publishedAt when it was published, null unless it was found
     * @param searched how many records were looked at because its place was not known
     * @param from since when records were looked at, null if none was looked for
     * @param trouble why something is not known for sure, and what to do; null if there is nothing to say
     * @param contents what it holds, null unless it was found
     */
    record RecordAnswer(
            State state,
            @Nullable String place,
            @Nullable Instant publishedAt,
            int searched,
            @Nullable Instant from,
            @Nullable String trouble,
            @Nullable ContentsAnswer contents) {}

    @GetMapping("/records/{message}")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("knows their sagas")
    RecordAnswer record(@PathVariable UUID id, @PathVariable UUID message, Caller caller) {
        return answer(read(id, message, caller), contents::masked);
    }

    /** Whoever sees it is noted first; who gets nothing to see is not. */
    @PostMapping(path = "/records/{message}/unmask", consumes = "application/json")
    @Requires(ConsolePermission.UNMASK)
    @ForTenants("knows their sagas")
    RecordAnswer unmask(
            @PathVariable UUID id, @PathVariable UUID message, @RequestBody ReasonRequest request, Caller caller) {
        String reason = request.needed();
        SagaRecord found = read(id, message, caller);
        if (found.message() != null) {
            Map<String, String> named = new LinkedHashMap<>();
            named.put("message", message.toString());
            named.put("place", String.valueOf(found.place()));
            AuditEntry line = AuditEntry.note(
                    caller.operator(), UNMASK, JSON.writeValueAsString(named), Subject.saga(id), reason);
            transaction.executeWithoutResult(status -> log.append(line));
        }
        return answer(found, contents::unmasked);
    }

    /** One that waits here for a process of the saga's version, or until its handler takes it, is stored with all that it holds. */
    @GetMapping("/waiting/{place}")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("knows their sagas")
    ContentsAnswer waiting(@PathVariable UUID id, @PathVariable String place, Caller caller) {
        requireSeen(id, caller);
        return RecordPlace.of(place)
                .flatMap(at -> stored.waiting(id, at.topic(), at.partition(), at.offset()))
                .map(contents::masked)
                .orElseThrow(() -> ConsoleProblem.notFound(
                        Sentence.of("No message of saga %s waits here that was read there, or none any more.", id)));
    }

    /** The database is done with when Kafka is asked, which takes its time. */
    private SagaRecord read(UUID id, UUID message, Caller caller) {
        requireSeen(id, caller);
        Noted noted = history.of(id, message).orElseThrow(() -> unknown(id));
        if (noted.place() != null) {
            return kafka.read(noted.place(), message);
        }
        return noted.isSent() ? sent(id, message) : kafka.unplaced();
    }

    private SagaRecord sent(UUID id, UUID message) {
        SentCommands.Known known = commands.of(id, message).orElseThrow(() -> unknown(id));
        return switch (known.stage()) {
            case WAITS -> SagaRecord.unread(State.NOT_PUBLISHED, null, null);
            case PARKED -> SagaRecord.unread(State.PARKED, null, null);
            case PUBLISHED -> kafka.read(known.command());
            case UNSURE -> unsure(kafka.read(known.command()));
        };
    }

    private static SagaRecord unsure(SagaRecord read) {
        return read.state() == State.NOT_FOUND || read.state() == State.NOT_REACHED
                ? read.but(SentCommands.MAY_WAIT)
                : read;
    }

    private static RecordAnswer answer(SagaRecord read, Function<RawMessage, ContentsAnswer> shown) {
        RawMessage message = read.message();
        return new RecordAnswer(
                read.state(),
                read.place(),
                read.publishedAt(),
                read.searched(),
                read.from(),
                read.trouble(),
                message == null ? null : shown.apply(message));
    }

    private void requireSeen(UUID id, Caller caller) {
        if (!tenants.sees(caller.scope(), id)) {
            throw unknown(id);
        }
    }

    private static ConsoleProblem unknown(UUID id) {
        return ConsoleProblem.notFound(Sentence.of("The history of saga %s has no such message here.", id));
    }
}
