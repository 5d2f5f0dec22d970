package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Change;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditEntry.Watch;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.messages.Replays;
import io.amends.dashboard.messages.Replays.HandedBack;
import io.amends.dashboard.rest.VerbController.OrderAnswer;
import io.amends.dashboard.verbs.Outcomes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import tools.jackson.databind.json.JsonMapper;

/** Has messages handled once more that were set aside; what came of it is asked for as of an order to a saga. */
@RequestMapping("/api/v1/messages")
public final class ReplayController implements ConsoleController {

    /** How long the answer to a command may be on its way once it was carried out. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Replays replays;
    private final Outcomes outcomes;
    private final AuditLog log;
    private final TransactionTemplate transaction;

    /** Each order, what it does and its line of the audit are one transaction. */
    public ReplayController(Replays replays, Outcomes outcomes, AuditLog log, PlatformTransactionManager transactions) {
        this.replays = replays;
        this.outcomes = outcomes;
        this.log = log;
        this.transaction = new TransactionTemplate(transactions);
    }

    @PostMapping(path = "/set-aside/{topic}/{partition}/{offset}/replay", consumes = "application/json")
    @Requires(ConsolePermission.REPAIR)
    OrderAnswer replay(
            @PathVariable String topic,
            @PathVariable int partition,
            @PathVariable long offset,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String given,
            @RequestBody ReasonRequest request,
            Caller caller,
            Language language) {
        String reason = request.needed();
        String key = VerbController.key(given);
        Map<String, String> named = new LinkedHashMap<>();
        named.put("topic", topic);
        named.put("partition", Integer.toString(partition));
        named.put("offset", Long.toString(offset));
        String arguments = JSON.writeValueAsString(named);
        String place = Replays.place(topic, partition, offset);
        try {
            return Objects.requireNonNull(transaction.execute(status -> log.earlier(
                            key, caller.operator(), Replays.VERB, arguments, Subject.NONE)
                    .map(line -> answer(line, true, language))
                    .orElseGet(() -> {
                        outcomes.endReplays(arguments);
                        HandedBack message = replays.handBack(topic, partition, offset)
                                .orElseThrow(() -> ConsoleProblem.notFound(
                                        Sentence.of("%s is not set aside, or not any more.", place)));
                        return answer(
                                log.append(entry(message, place, arguments, reason, key, caller)), false, language);
                    })));
        } catch (Replays.RefusedException refused) {
            String why = refused.told().english();
            transaction.executeWithoutResult(status -> log.append(
                    AuditEntry.refused(caller.operator(), Replays.VERB, arguments, Subject.NONE, reason, why)));
            throw ConsoleProblem.conflict("NOT_POSSIBLE", refused.told(), Map.of());
        }
    }

    private static AuditEntry entry(
            HandedBack message, String place, String arguments, String reason, @Nullable String key, Caller caller) {
        Watch watch = new Watch(message.clock(), message.steps(), PATIENCE);
        return new AuditEntry(
                caller.operator(),
                Replays.VERB,
                arguments,
                Subject.saga(message.sagaId()),
                reason,
                null,
                key,
                AuditEntry.DONE,
                Sentence.of("%s is handed back.", place).english(),
                new Change(null, null, null, null, null, watch, null));
    }

    private static OrderAnswer answer(AuditLine line, boolean repeated, Language language) {
        return new OrderAnswer(
                line.id(),
                line.state(),
                line.entry().result(),
                Sentence.recalled(line.entry().explanation()).in(language),
                repeated,
                null);
    }
}
