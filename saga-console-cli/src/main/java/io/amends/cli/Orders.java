package io.amends.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands that change something, and what came of them. */
final class Orders {

    /** Their names. */
    static final Set<String> NAMES = Set.of(
            "retry",
            "edit-and-retry",
            "resume-from-step",
            "compensate",
            "pause",
            "resume",
            "extend-deadline",
            "skip",
            "resolve",
            "reopen",
            "migrate",
            "approve",
            "decline",
            "withdraw");

    private static final Set<String> OF_REQUESTS = Set.of("approve", "decline", "withdraw");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final Set<String> FINAL = Set.of("PROGRESSED", "FAILED_AGAIN", "NO_EFFECT", "REFUSED", "NOTED");

    private final Api api;
    private final Call call;
    private final Output out;

    Orders(Api api, Call call, Output out) {
        this.api = api;
        this.call = call;
        this.out = out;
    }

    /** Whether it is done with one saga. */
    static boolean isVerb(String name) {
        return NAMES.contains(name) && !OF_REQUESTS.contains(name);
    }

    /** Gives the order of that name. */
    ExitCode order(String name) {
        return switch (name) {
            case "approve" -> approve();
            case "decline", "withdraw" -> refuse(name);
            default -> ofSaga(name);
        };
    }

    private ExitCode ofSaga(String verb) {
        String id = call.id();
        Map<String, Object> body = arguments(verb, call);
        if (call.is("dry-run")) {
            return foresee("sagas/%s/%s/foresee".formatted(id, verb), body);
        }
        body.put("reason", call.needed("reason"));
        Duration wait = call.time("wait");
        // Data is edited that somebody looked at a while ago.
        String revision = verb.equals("edit-and-retry") ? call.needed("revision") : call.option("revision");
        if (revision == null) {
            revision = Output.text(api.get("sagas/" + id, Map.of()), "revision");
        }
        Map<String, String> headers = new LinkedHashMap<>(Map.of("If-Match", '"' + revision + '"'));
        Api.Answer answer = ordered("sagas/%s/%s".formatted(id, verb), body, headers);
        if (answer.status() == 202) {
            if (!out.json(answer.body())) {
                out.line("A second person has to approve it: request " + Output.text(answer.body(), "requestId"));
            }
            return ExitCode.NEEDS_APPROVAL;
        }
        return ended(answer.body(), wait);
    }

    /**
     * What a verb is told beside the reason, by the API's names.
     *
     * @throws CliException if something is missing
     */
    static Map<String, Object> arguments(String verb, Call call) {
        Map<String, Object> body = new LinkedHashMap<>();
        switch (verb) {
            case "pause" -> Output.put(body, "until", call.option("until"));
            case "extend-deadline" -> body.put("to", call.needed("to"));
            case "resolve" -> body.put("as", call.needed("as"));
            case "migrate" -> body.put("version", call.number("version"));
            case "resume-from-step" -> body.put("step", call.needed("step"));
            case "edit-and-retry" -> body.put("data", call.file("data"));
            case "skip" -> {
                body.put("step", call.needed("step"));
                Output.put(body, "compensation", call.is("compensation") ? Boolean.TRUE : null);
                Output.put(body, "resultType", call.option("result-type"));
                String result = call.option("result");
                Output.put(body, "result", result == null ? null : result(result));
            }
            default -> {
                // they need nothing
            }
        }
        return body;
    }

    /** What it would do. Whoever would be refused is told so as by the order itself. */
    private ExitCode foresee(String path, Map<String, Object> body) {
        JsonNode foreseen = api.post(path, body, Map.of()).body();
        if (!out.json(foreseen)) {
            out.line("It would: " + Output.text(foreseen, "text"));
            changes(foreseen, out);
        }
        return Output.text(foreseen, "result").equals("DONE") ? ExitCode.OK : ExitCode.REFUSED;
    }

    static void changes(JsonNode foreseen, Output out) {
        foreseen.path("changes")
                .forEach(change -> out.line("  %s: %s -> %s"
                        .formatted(
                                Output.text(change, "at"),
                                Output.text(change, "before"),
                                Output.text(change, "after"))));
    }

    private ExitCode ended(JsonNode answer, @Nullable Duration wait) {
        return wait == null ? told(answer, ExitCode.OK) : waited(Output.text(answer, "actionId"), answer, wait);
    }

    private ExitCode approve() {
        Duration wait = call.time("wait");
        return ended(
                ordered("approvals/%s/approve".formatted(call.id()), Map.of(), new LinkedHashMap<>())
                        .body(),
                wait);
    }

    /** Says no to a request, or takes one's own back. */
    private ExitCode refuse(String how) {
        Map<String, Object> body = Map.of("reason", call.needed("reason"));
        JsonNode request = ordered("approvals/%s/%s".formatted(call.id(), how), body, new LinkedHashMap<>())
                .body();
        if (!out.json(request)) {
            out.line("%s: nothing is done.".formatted(Output.text(request, "state")));
        }
        return ExitCode.OK;
    }

    /** Under a key, so that somebody who got no answer can order it again and have it carried out once. */
    Api.Answer ordered(String path, Map<String, Object> body, Map<String, String> headers) {
        String given = call.option("key");
        String key = given == null ? UUID.randomUUID().toString() : given;
        headers.put("Idempotency-Key", key);
        try {
            return api.post(path, body, headers);
        } catch (CliException away) {
            if (away.code() != ExitCode.UNREACHABLE) {
                throw away;
            }
            throw new CliException(
                    ExitCode.UNREACHABLE,
                    "%s It is not known whether the order arrived: give it again with --key %s, then it is carried out once."
                            .formatted(away.getMessage(), key));
        }
    }

    private static JsonNode result(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException notJson) {
            throw CliException.usage(
                    "--result is no JSON: it is what the participant would have replied, such as {\"id\": 7}.");
        }
    }

    private ExitCode told(JsonNode answer, ExitCode code) {
        if (!out.json(answer)) {
            String explanation = Output.text(answer, "explanation");
            out.line("%s, line %s of the audit.%s"
                    .formatted(
                            Output.text(answer, "state"),
                            Output.text(answer, answer.has("actionId") ? "actionId" : "id"),
                            explanation.isEmpty() ? "" : " " + explanation));
        }
        return code;
    }

    private ExitCode waited(String actionId, JsonNode first, Duration wait) {
        long until = System.nanoTime() + wait.toNanos();
        JsonNode now = first;
        while (!FINAL.contains(Output.text(now, "state")) && System.nanoTime() < until) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new CliException(
                        ExitCode.NO_PROGRESS, "Interrupted. What came of it is in line " + actionId + " of the audit.");
            }
            now = api.get("actions/" + actionId, Map.of());
        }
        return told(now, Output.text(now, "state").equals("PROGRESSED") ? ExitCode.OK : ExitCode.NO_PROGRESS);
    }
}
