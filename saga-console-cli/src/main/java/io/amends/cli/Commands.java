package io.amends.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** What each command asks and prints. */
final class Commands {

    private static final Set<String> VERBS = Set.of(
            "retry",
            "resume-from-step",
            "compensate",
            "pause",
            "resume",
            "extend-deadline",
            "skip",
            "resolve",
            "reopen",
            "migrate");

    /** All commands but help. */
    static final Set<String> NAMES =
            Set.copyOf(Stream.concat(VERBS.stream(), Stream.of("stuck", "search", "show", "runs", "in-doubt", "me"))
                    .toList());

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    /** Of {@code --all}; what is more needs a narrower question. */
    private static final int MOST = 10_000;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final Set<String> FINAL = Set.of("PROGRESSED", "FAILED_AGAIN", "NO_EFFECT", "REFUSED", "NOTED");

    private final Api api;
    private final Call call;
    private final PrintStream out;
    private final PrintStream err;

    Commands(Api api, Call call, PrintStream out, PrintStream err) {
        this.api = api;
        this.call = call;
        this.out = out;
        this.err = err;
    }

    ExitCode run() {
        String command = call.command();
        if (VERBS.contains(command)) {
            return order(command);
        }
        return switch (command) {
            case "stuck" -> stuck();
            case "search" -> search();
            case "show" -> show();
            case "runs" -> call.words().size() > 1 ? oneRun() : runs();
            case "in-doubt" -> inDoubt();
            default -> me();
        };
    }

    private ExitCode stuck() {
        Map<String, String> query = new LinkedHashMap<>();
        for (String name : List.of("reason", "saga", "version", "age")) {
            put(query, name, call.option(name));
        }
        ArrayNode sagas = pages("stuck", query);
        if (!json(sagas)) {
            Table table = new Table("SINCE", "REASON", "SEVERITY", "SAGA", "KEY", "STEP", "ID");
            sagas.forEach(saga -> table.add(
                    text(saga, "since"),
                    text(saga, "reason"),
                    text(saga, "severity"),
                    "%s v%s".formatted(text(saga, "name"), text(saga, "version")),
                    text(saga, "key"),
                    text(saga, "step"),
                    text(saga, "sagaId")));
            print(table, sagas, "Nothing is stuck.");
        }
        return call.is("check") && !sagas.isEmpty() ? ExitCode.STUCK : ExitCode.OK;
    }

    private ExitCode search() {
        ArrayNode sagas = pages("sagas", new LinkedHashMap<>(Map.of("q", call.rest())));
        if (!json(sagas)) {
            Table table = new Table("STARTED", "PHASE", "SAGA", "KEY", "TEXT", "ID");
            sagas.forEach(saga -> table.add(
                    text(saga, "createdAt"),
                    text(saga, "phase"),
                    "%s v%s".formatted(text(saga, "name"), text(saga, "version")),
                    text(saga, "key"),
                    text(saga, "text"),
                    text(saga, "sagaId")));
            print(table, sagas, "No saga matches.");
        }
        return ExitCode.OK;
    }

    /** One page, or with --all every page. */
    private ArrayNode pages(String path, Map<String, String> query) {
        put(query, "size", call.option("size"));
        ArrayNode all = JSON.createArrayNode();
        JsonNode page = api.get(path, query);
        page.path("sagas").forEach(all::add);
        String next = next(page);
        while (next != null && call.is("all") && all.size() < MOST) {
            query.put("after", next);
            page = api.get(path, query);
            page.path("sagas").forEach(all::add);
            next = next(page);
        }
        if (next != null) {
            err.println("There are more. %s"
                    .formatted(call.is("all") ? "Ask for less." : "Call it with --all for all of them."));
        }
        return all;
    }

    private static @Nullable String next(JsonNode page) {
        JsonNode next = page.path("next");
        return next.isMissingNode() || next.isNull() ? null : next.asString();
    }

    private ExitCode show() {
        JsonNode saga = api.get("sagas/" + id(), Map.of());
        if (json(saga)) {
            return ExitCode.OK;
        }
        line("%s v%s  %s".formatted(text(saga, "name"), text(saga, "version"), text(saga, "key")));
        line("Phase     " + text(saga, "phase") + "   revision " + text(saga, "revision") + "   started "
                + text(saga, "createdAt"));
        JsonNode verdict = saga.path("verdict");
        if (verdict.isObject()) {
            line("Stuck     %s (%s) since %s"
                    .formatted(text(verdict, "reason"), text(verdict, "severity"), text(verdict, "since")));
            line("To do     " + text(verdict, "action"));
            line("Runbook   " + text(verdict, "runbook"));
        }
        line("");
        line(text(saga, "explanation"));
        line("");
        Table steps = new Table("STEP", "STATUS", "PARTICIPANT", "ATTEMPTS", "ERROR");
        saga.path("steps")
                .forEach(step -> steps.add(
                        text(step, "name"),
                        text(step, "status"),
                        text(step, "participant"),
                        text(step, "attempts"),
                        text(step, "error")));
        steps.print(out);
        if (call.is("history")) {
            line("");
            Table history = new Table("AT", "EVENT", "STEP", "PARTICIPANT", "DISPOSITION", "DETAIL");
            saga.path("timeline")
                    .forEach(entry -> history.add(
                            text(entry, "at"),
                            text(entry, "event"),
                            text(entry, "step"),
                            text(entry, "participant"),
                            text(entry, "disposition"),
                            text(entry, "detail")));
            history.print(out);
        }
        List<String> verbs = new ArrayList<>();
        saga.path("verbs").forEach(verb -> verbs.add(verb.asString()));
        line("");
        line("Possible  " + (verbs.isEmpty() ? "nothing" : String.join(", ", verbs)));
        return ExitCode.OK;
    }

    private ExitCode order(String verb) {
        String id = id();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("reason", call.needed("reason"));
        switch (verb) {
            case "pause" -> put(body, "until", call.option("until"));
            case "extend-deadline" -> body.put("to", call.needed("to"));
            case "resolve" -> body.put("as", call.needed("as"));
            case "migrate" -> body.put("version", call.number("version"));
            case "resume-from-step" -> body.put("step", call.needed("step"));
            case "skip" -> {
                body.put("step", call.needed("step"));
                put(body, "compensation", call.is("compensation") ? Boolean.TRUE : null);
                put(body, "resultType", call.option("result-type"));
                String result = call.option("result");
                put(body, "result", result == null ? null : result(result));
            }
            default -> {
                // they need nothing
            }
        }
        Duration wait = call.time("wait");
        String revision = call.option("revision");
        if (revision == null) {
            revision = text(api.get("sagas/" + id, Map.of()), "revision");
        }
        Map<String, String> headers = new LinkedHashMap<>(Map.of("If-Match", '"' + revision + '"'));
        Api.Answer answer = ordered("sagas/%s/%s".formatted(id, verb), body, headers);
        if (answer.status() == 202) {
            if (!json(answer.body())) {
                line("A second person has to approve it: request " + text(answer.body(), "requestId"));
            }
            return ExitCode.NEEDS_APPROVAL;
        }
        return wait == null
                ? told(answer.body(), ExitCode.OK)
                : waited(text(answer.body(), "actionId"), answer.body(), wait);
    }

    /** Under a key, so that somebody who got no answer can order it again and have it carried out once. */
    private Api.Answer ordered(String path, Map<String, Object> body, Map<String, String> headers) {
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
        if (!json(answer)) {
            String explanation = text(answer, "explanation");
            line("%s, line %s of the audit.%s"
                    .formatted(
                            text(answer, "state"),
                            text(answer, answer.has("actionId") ? "actionId" : "id"),
                            explanation.isEmpty() ? "" : " " + explanation));
        }
        return code;
    }

    private ExitCode waited(String actionId, JsonNode first, Duration wait) {
        long until = System.nanoTime() + wait.toNanos();
        JsonNode now = first;
        while (!FINAL.contains(text(now, "state")) && System.nanoTime() < until) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new CliException(
                        ExitCode.NO_PROGRESS, "Interrupted. What came of it is in line " + actionId + " of the audit.");
            }
            now = api.get("actions/" + actionId, Map.of());
        }
        return told(now, text(now, "state").equals("PROGRESSED") ? ExitCode.OK : ExitCode.NO_PROGRESS);
    }

    private ExitCode runs() {
        JsonNode runs = api.get("runs", Map.of()).path("runs");
        if (!json(runs)) {
            Table table = new Table("PLANNED", "STATE", "VERB", "FILTER", "BY", "ITEMS", "COUNTS", "ID");
            runs.forEach(run -> table.add(
                    text(run, "createdAt"),
                    text(run, "state"),
                    text(run, "verb"),
                    text(run, "filter"),
                    text(run, "askedBy"),
                    text(run, "items"),
                    counts(run),
                    text(run, "id")));
            print(table, runs, "There are no runs.");
        }
        return ExitCode.OK;
    }

    private ExitCode oneRun() {
        String id = id();
        JsonNode run = api.get("runs/" + id, Map.of());
        if (json(run)) {
            return ExitCode.OK;
        }
        line("%s of %s, by %s: %s"
                .formatted(text(run, "verb"), text(run, "filter"), text(run, "askedBy"), text(run, "reason")));
        line("%s  %s".formatted(text(run, "state"), text(run, "stateReason")).strip());
        line("%s items: %s".formatted(text(run, "items"), counts(run)));
        line("");
        Map<String, String> query = new LinkedHashMap<>();
        put(query, "state", call.option("state"));
        put(query, "size", call.option("size"));
        Table table = new Table("SAGA", "STATE", "AT", "DETAIL");
        JsonNode items = api.get("runs/" + id + "/items", query).path("items");
        items.forEach(
                item -> table.add(text(item, "sagaId"), text(item, "state"), text(item, "at"), text(item, "detail")));
        print(table, items, "No items.");
        return ExitCode.OK;
    }

    private static String counts(JsonNode run) {
        List<String> counts = new ArrayList<>();
        run.path("counts").forEachEntry((state, count) -> counts.add(state + " " + count.asString()));
        return String.join(", ", counts);
    }

    private ExitCode inDoubt() {
        JsonNode answer = api.get("in-doubt", Map.of());
        if (!json(answer)) {
            answer.path("away").forEach(away -> line("Not asked: " + away.asString()));
            if (!answer.path("present").asBoolean(false)) {
                line("The application coordinates no two-phase commit.");
            } else if (answer.path("branches").isEmpty()) {
                line("Nothing is in doubt.");
            }
            answer.path("branches").forEach(branch -> {
                line("");
                line("%s  %s  prepared %ss ago, decision %s"
                        .formatted(
                                text(branch, "participant"),
                                text(branch, "gid"),
                                branch.path("age").asLong(0) / 1000,
                                text(branch, "decision").isEmpty() ? "none" : text(branch, "decision")));
                line(
                        branch.path("running").asBoolean(false)
                                ? "Nothing to do: a process is at it."
                                : text(branch, "advice"));
            });
        }
        return ExitCode.OK;
    }

    private ExitCode me() {
        JsonNode me = api.get("me", Map.of());
        if (!json(me)) {
            line("%s at %s: %s".formatted(text(me, "actor"), text(me, "application"), me.path("roles")));
            line("May: " + me.path("permissions"));
        }
        return ExitCode.OK;
    }

    private String id() {
        String id = call.word("id");
        if (!ID.matcher(id).matches()) {
            throw CliException.usage(
                    "'%s' is no id such as 0198c5a0-1111-7000-8000-0123456789ab. Look for it: search %s"
                            .formatted(id, id));
        }
        return id;
    }

    /** Whether that was asked for, and is printed. */
    private boolean json(JsonNode answer) {
        if (call.is("json")) {
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer));
        }
        return call.is("json");
    }

    private void print(Table table, JsonNode rows, String none) {
        if (rows.isEmpty()) {
            line(none);
        } else {
            table.print(out);
        }
    }

    private void line(String text) {
        out.println(Table.plain(text));
    }

    private static <V> void put(Map<String, V> to, String name, @Nullable V value) {
        if (value != null) {
            to.put(name, value);
        }
    }

    /** As text; empty if there is nothing. */
    private static String text(JsonNode from, String name) {
        JsonNode value = from.path(name);
        return value.isNull() || value.isMissingNode() ? "" : value.asString();
    }
}
