package io.amends.dashboard.alerts;

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

/** What a request to a webhook says: ids, names, reasons and times of sagas, and nothing of what is in their messages. Pure. */
final class WebhookText {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String application;
    private final @Nullable String runbooks;

    /**
     * @param application whose sagas they are
     * @param runbooks the address that a reason's code is added to, null for no links
     */
    WebhookText(String application, @Nullable String runbooks) {
        this.application = application;
        this.runbooks = runbooks == null || runbooks.endsWith("/") ? runbooks : runbooks + "/";
    }

    String json(UUID delivery, List<StuckAlert> alerts) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("delivery", delivery.toString());
        body.put("application", application);
        body.put("text", sentence(alerts));
        body.put("alerts", alerts.stream().map(this::fields).toList());
        return JSON.writeValueAsString(body);
    }

    /** One line for people, as chats show it. */
    private String sentence(List<StuckAlert> alerts) {
        Map<String, Long> stuck = alerts.stream()
                .filter(SagaGotStuck.class::isInstance)
                .collect(Collectors.groupingBy(alert -> alert.reason().name(), TreeMap::new, Collectors.counting()));
        long recovered = alerts.stream().filter(SagaRecovered.class::isInstance).count();
        List<String> parts = new ArrayList<>();
        if (!stuck.isEmpty()) {
            long number = stuck.values().stream().mapToLong(Long::longValue).sum();
            String reasons = stuck.entrySet().stream()
                    .map(each -> each.getKey() + " " + each.getValue())
                    .collect(Collectors.joining(", "));
            parts.add("%d got stuck (%s)".formatted(number, reasons));
        }
        if (recovered > 0) {
            parts.add(recovered + " recovered");
        }
        return "Sagas of %s: %s.".formatted(application, String.join("; ", parts));
    }

    private Map<String, Object> fields(StuckAlert alert) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", alert.id());
        fields.put("event", alert instanceof SagaGotStuck ? "GOT_STUCK" : "RECOVERED");
        fields.put("sagaId", alert.sagaId().toString());
        fields.put("saga", alert.saga());
        fields.put("version", alert.version());
        fields.put("key", alert.key());
        fields.put("reason", alert.reason().name());
        fields.put("since", alert.since().toString());
        fields.put("noticedAt", alert.noticedAt().toString());
        if (alert instanceof SagaGotStuck stuck) {
            put(fields, "step", stuck.step());
            put(fields, "participant", stuck.participant());
            put(fields, "previousReason", stuck.previousReason());
            fields.put("severity", stuck.reason().severity().name());
            fields.put("sentence", stuck.reason().sentence());
            fields.put("action", stuck.reason().action());
            put(
                    fields,
                    "runbook",
                    runbooks == null ? null : runbooks + stuck.reason().name() + ".md");
        } else if (alert instanceof SagaRecovered recovered) {
            fields.put("became", recovered.became());
        }
        return fields;
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
