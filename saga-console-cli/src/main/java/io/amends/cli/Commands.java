package io.amends.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** What each command asks and prints. */
final class Commands {

    /** All commands but help. */
    static final Set<String> NAMES = Set.copyOf(Stream.of(
                    Orders.NAMES.stream(),
                    Runs.NAMES.stream(),
                    Routes.ALL.stream().map(Route::name),
                    Stream.of("stuck", "search", "show", "approvals", "in-doubt", "me"))
            .flatMap(names -> names)
            .toList());

    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** Of {@code --all}; what is more needs a narrower question. */
    private static final int MOST = 10_000;

    private final Api api;
    private final Call call;
    private final Output out;
    private final PrintStream err;

    Commands(Api api, Call call, PrintStream out, PrintStream err) {
        this.api = api;
        this.call = call;
        this.out = new Output(out, call.is("json"));
        this.err = err;
    }

    ExitCode run() {
        String command = call.command();
        if (call.is("dry-run") && !Orders.isVerb(command)) {
            throw CliException.usage(
                    "'%s' takes no --dry-run, so that nothing was done. Verbs of one saga do; preview-run and outbox-foresee tell of others."
                            .formatted(command));
        }
        if (Orders.NAMES.contains(command)) {
            return new Orders(api, call, out).order(command);
        }
        if (Runs.NAMES.contains(command)) {
            return new Runs(api, call, out, err).run(command);
        }
        Optional<Route> route = Routes.find(command);
        if (route.isPresent()) {
            return new Routed(api, call, out, err).run(route.get());
        }
        return switch (command) {
            case "stuck" -> stuck();
            case "search" -> search();
            case "show" -> show();
            case "approvals" -> call.words().size() > 1 ? oneRequest() : requests();
            case "in-doubt" -> inDoubt();
            default -> me();
        };
    }

    private ExitCode stuck() {
        Map<String, String> query = new LinkedHashMap<>();
        for (String name : List.of("reason", "saga", "version", "age")) {
            Output.put(query, name, call.option(name));
        }
        ArrayNode sagas = pages("stuck", query);
        if (!out.json(sagas)) {
            Table table = new Table("SINCE", "REASON", "SEVERITY", "SAGA", "KEY", "STEP", "ID");
            sagas.forEach(saga -> table.add(
                    Output.text(saga, "since"),
                    Output.text(saga, "reason"),
                    Output.text(saga, "severity"),
                    "%s v%s".formatted(Output.text(saga, "name"), Output.text(saga, "version")),
                    Output.text(saga, "key"),
                    Output.text(saga, "step"),
                    Output.text(saga, "sagaId")));
            out.print(table, sagas, "Nothing is stuck.");
        }
        return call.is("check") && !sagas.isEmpty() ? ExitCode.STUCK : ExitCode.OK;
    }

    private ExitCode search() {
        ArrayNode sagas = pages("sagas", new LinkedHashMap<>(Map.of("q", call.rest())));
        if (!out.json(sagas)) {
            Table table = new Table("STARTED", "PHASE", "SAGA", "KEY", "TEXT", "ID");
            sagas.forEach(saga -> table.add(
                    Output.text(saga, "createdAt"),
                    Output.text(saga, "phase"),
                    "%s v%s".formatted(Output.text(saga, "name"), Output.text(saga, "version")),
                    Output.text(saga, "key"),
                    Output.text(saga, "text"),
                    Output.text(saga, "sagaId")));
            out.print(table, sagas, "No saga matches.");
        }
        return ExitCode.OK;
    }

    /** One page, or with --all every page. */
    private ArrayNode pages(String path, Map<String, String> query) {
        Output.put(query, "size", call.option("size"));
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
        JsonNode saga = api.get("sagas/" + call.id(), Map.of());
        if (out.json(saga)) {
            return ExitCode.OK;
        }
        out.line("%s v%s  %s"
                .formatted(Output.text(saga, "name"), Output.text(saga, "version"), Output.text(saga, "key")));
        out.line("Phase     " + Output.text(saga, "phase") + "   revision " + Output.text(saga, "revision")
                + "   started " + Output.text(saga, "createdAt"));
        JsonNode verdict = saga.path("verdict");
        if (verdict.isObject()) {
            out.line("Stuck     %s (%s) since %s"
                    .formatted(
                            Output.text(verdict, "reason"),
                            Output.text(verdict, "severity"),
                            Output.text(verdict, "since")));
            out.line("To do     " + Output.text(verdict, "action"));
            out.line("Runbook   " + Output.text(verdict, "runbook"));
        }
        out.line("");
        out.line(Output.text(saga, "explanation"));
        saga.path("frames").forEach(frame -> out.line("  at " + frame.asString()));
        out.line("");
        Table steps = new Table("STEP", "STATUS", "PARTICIPANT", "ATTEMPTS", "ERROR");
        saga.path("steps")
                .forEach(step -> steps.add(
                        Output.text(step, "name"),
                        Output.text(step, "status"),
                        Output.text(step, "participant"),
                        Output.text(step, "attempts"),
                        Output.text(step, "error")));
        out.print(steps);
        if (call.is("history")) {
            out.line("");
            Table history = new Table("AT", "EVENT", "STEP", "PARTICIPANT", "DISPOSITION", "DETAIL");
            saga.path("timeline")
                    .forEach(entry -> history.add(
                            Output.text(entry, "at"),
                            Output.text(entry, "event"),
                            Output.text(entry, "step"),
                            Output.text(entry, "participant"),
                            Output.text(entry, "disposition"),
                            Output.text(entry, "detail")));
            out.print(history);
        }
        List<String> verbs = new ArrayList<>();
        saga.path("verbs").forEach(verb -> verbs.add(verb.asString()));
        out.line("");
        out.line("Possible  " + (verbs.isEmpty() ? "nothing" : String.join(", ", verbs)));
        return ExitCode.OK;
    }

    private ExitCode requests() {
        JsonNode requests = api.get("approvals", Map.of()).path("requests");
        if (!out.json(requests)) {
            Table table = new Table("ASKED", "UNTIL", "BY", "VERB", "REASON", "SAGA", "ID");
            requests.forEach(request -> table.add(
                    Output.text(request, "askedAt"),
                    Output.text(request, "expiresAt"),
                    Output.text(request, "askedBy"),
                    Output.text(request, "verb"),
                    Output.text(request, "reason"),
                    Output.text(request, "sagaId"),
                    Output.text(request, "id")));
            out.print(table, requests, "Nothing waits for a second person.");
        }
        return ExitCode.OK;
    }

    private ExitCode oneRequest() {
        JsonNode request = api.get("approvals/" + call.id(), Map.of());
        if (out.json(request)) {
            return ExitCode.OK;
        }
        out.line("%s of saga %s, asked by %s: %s"
                .formatted(
                        Output.text(request, "verb"),
                        Output.text(request, "sagaId"),
                        Output.text(request, "askedBy"),
                        Output.text(request, "reason")));
        request.path("arguments").forEachEntry((name, value) -> out.line("  %s %s".formatted(name, value.asString())));
        out.line(standing(request));
        JsonNode foreseen = request.path("foreseen");
        if (foreseen.isObject()) {
            out.line("");
            out.line("It would: " + Output.text(foreseen, "text"));
            Orders.changes(foreseen, out);
        }
        return ExitCode.OK;
    }

    /** Until when it can be approved is told only while somebody may still do so. */
    private static String standing(JsonNode request) {
        String state = Output.text(request, "state");
        String by = Output.text(request, "decidedBy");
        String until = Output.text(request, "expiresAt");
        return switch (state) {
            case "OPEN" -> "%s, can be approved until %s".formatted(state, until);
            case "EXPIRED" -> "%s: nobody approved it until %s".formatted(state, until);
            default -> by.isEmpty() ? state : "%s by %s".formatted(state, by);
        };
    }

    private ExitCode inDoubt() {
        JsonNode answer = api.get("in-doubt", Map.of());
        if (!out.json(answer)) {
            answer.path("away").forEach(away -> out.line("Not asked: " + away.asString()));
            if (!answer.path("present").asBoolean(false)) {
                out.line("The application coordinates no two-phase commit.");
            } else if (answer.path("branches").isEmpty()) {
                out.line("Nothing is in doubt.");
            }
            answer.path("branches").forEach(branch -> {
                out.line("");
                out.line("%s  %s  prepared %ss ago, decision %s"
                        .formatted(
                                Output.text(branch, "participant"),
                                Output.text(branch, "gid"),
                                branch.path("age").asLong(0) / 1000,
                                Output.text(branch, "decision").isEmpty() ? "none" : Output.text(branch, "decision")));
                out.line(
                        branch.path("running").asBoolean(false)
                                ? "Nothing to do: a process is at it."
                                : Output.text(branch, "advice"));
            });
        }
        return ExitCode.OK;
    }

    private ExitCode me() {
        JsonNode me = api.get("me", Map.of());
        if (!out.json(me)) {
            out.line("%s at %s: %s"
                    .formatted(Output.text(me, "actor"), Output.text(me, "application"), me.path("roles")));
            out.line("May: " + me.path("permissions"));
            out.line("Orders: " + me.path("verbs"));
        }
        return ExitCode.OK;
    }
}
