package io.amends.dashboard.alerts;

import io.amends.dashboard.stuck.StuckReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What a request to a webhook says: ids, names, places, reasons and times, and nothing of what is in data or messages. Pure. */
final class WebhookText {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String application;
    private final @Nullable String runbooks;
    private final @Nullable String console;

    /**
     * @param application whose sagas they are
     * @param runbooks the address that a reason's code is added to, null for no links
     * @param console where people reach the console, without a slash at its end; null for no links
     */
    WebhookText(String application, @Nullable String runbooks, @Nullable String console) {
        this.application = application;
        this.console = console;
        this.runbooks = runbooks == null || runbooks.endsWith("/") ? runbooks : runbooks + "/";
    }

    String json(UUID delivery, List<? extends Alert> alerts) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("delivery", delivery.toString());
        body.put("application", application);
        body.put("text", sentence(alerts));
        body.put("alerts", alerts.stream().map(this::fields).toList());
        return JSON.writeValueAsString(body);
    }

    /** One line for people, as chats show it. */
    private String sentence(List<? extends Alert> alerts) {
        List<String> parts = new ArrayList<>();
        part(parts, alerts, SagaGotStuck.class, "got stuck", "got stuck");
        part(parts, alerts, SagaRecovered.class, "recovered", "recovered");
        part(parts, alerts, MessageSetAside.class, "message was set aside", "messages were set aside");
        part(parts, alerts, MessageRemoved.class, "message is set aside no longer", "messages are set aside no longer");
        part(parts, alerts, BranchInDoubt.class, "branch is in doubt", "branches are in doubt");
        part(parts, alerts, BranchEnded.class, "branch is in doubt no longer", "branches are in doubt no longer");
        return "Sagas of %s: %s.".formatted(application, String.join("; ", parts));
    }

    private static void part(
            List<String> parts, List<? extends Alert> alerts, Class<? extends Alert> kind, String one, String many) {
        Map<String, Long> reasons = alerts.stream()
                .filter(kind::isInstance)
                .collect(Collectors.groupingBy(alert -> alert.reason().name(), TreeMap::new, Collectors.counting()));
        if (reasons.isEmpty()) {
            return;
        }
        long number = reasons.values().stream().mapToLong(Long::longValue).sum();
        String each = reasons.entrySet().stream()
                .map(reason -> reason.getKey() + " " + reason.getValue())
                .collect(Collectors.joining(", "));
        String what = number == 1 ? one : many;
        parts.add(isBegin(kind) ? "%d %s (%s)".formatted(number, what, each) : "%d %s".formatted(number, what));
    }

    private static boolean isBegin(Class<? extends Alert> kind) {
        return kind == SagaGotStuck.class || kind == MessageSetAside.class || kind == BranchInDoubt.class;
    }

    private Map<String, Object> fields(Alert alert) {
        Map<String, Object> fields = new LinkedHashMap<>();
        boolean isBegin = isBegin(alert.getClass());
        fields.put("id", alert.id());
        fields.put("event", isBegin ? "GOT_STUCK" : "RECOVERED");
        about(fields, alert);
        fields.put("reason", alert.reason().name());
        fields.put("since", alert.since().toString());
        fields.put("noticedAt", alert.noticedAt().toString());
        put(fields, "link", link(alert));
        if (alert instanceof SagaGotStuck stuck) {
            put(fields, "step", stuck.step());
            put(fields, "participant", stuck.participant());
            put(fields, "previousReason", stuck.previousReason());
        }
        if (isBegin) {
            fields.put("severity", alert.reason().severity().name());
            fields.put("sentence", alert.reason().sentence());
            fields.put("action", alert.reason().action());
            put(
                    fields,
                    "runbook",
                    runbooks == null ? null : runbooks + alert.reason().name() + ".md");
        } else {
            fields.put("became", alert instanceof SagaRecovered recovered ? recovered.became() : "REMOVED");
        }
        return fields;
    }

    /** The page that shows it. */
    private @Nullable String link(Alert alert) {
        if (console == null) {
            return null;
        }
        if (alert instanceof StuckAlert saga) {
            return console + "/sagas/" + saga.sagaId();
        }
        if (alert instanceof BranchInDoubt || alert instanceof BranchEnded) {
            return console + "/in-doubt";
        }
        boolean isRefused = alert.reason() == StuckReason.OUTBOX_BLOCKED;
        return console + (isRefused ? "/outbox" : "/messages");
    }

    private static void about(Map<String, Object> fields, Alert alert) {
        if (alert instanceof StuckAlert saga) {
            fields.put("kind", "SAGA");
            fields.put("sagaId", saga.sagaId().toString());
            fields.put("saga", saga.saga());
            fields.put("version", saga.version());
            fields.put("key", saga.key());
        } else if (alert instanceof MessageSetAside message) {
            message(fields, message.table(), message.place(), message.sagaId(), message.code());
        } else if (alert instanceof MessageRemoved message) {
            message(fields, message.table(), message.place(), message.sagaId(), message.code());
        } else if (alert instanceof BranchInDoubt branch) {
            branch(fields, branch.participant(), branch.gid());
            put(fields, "decision", branch.decision());
        } else if (alert instanceof BranchEnded branch) {
            branch(fields, branch.participant(), branch.gid());
        }
    }

    private static void message(
            Map<String, Object> fields, String table, String place, @Nullable UUID sagaId, String code) {
        fields.put("kind", "MESSAGE");
        fields.put("table", table);
        fields.put("place", place);
        put(fields, "sagaId", sagaId);
        fields.put("code", code);
    }

    private static void branch(Map<String, Object> fields, String participant, String gid) {
        fields.put("kind", "BRANCH");
        fields.put("participant", participant);
        fields.put("gid", gid);
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value.toString());
        }
    }

    /** What is signed: the time and the body, so that an old request can't be sent again later by somebody else. */
    static String signed(Instant at, String body) {
        return at.getEpochSecond() + "." + body;
    }
}
