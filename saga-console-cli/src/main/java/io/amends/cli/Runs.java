package io.amends.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** One verb over many sagas: looked at before, planned, and listed. What else is done to a run are {@link Routes}. */
final class Runs {

    /** Their names. */
    static final Set<String> NAMES = Set.of("runs", "preview-run", "plan-run");

    private final Api api;
    private final Call call;
    private final Output out;
    private final PrintStream err;

    Runs(Api api, Call call, Output out, PrintStream err) {
        this.api = api;
        this.call = call;
        this.out = out;
        this.err = err;
    }

    ExitCode run(String name) {
        return switch (name) {
            case "preview-run" -> preview();
            case "plan-run" -> plan();
            default -> call.words().size() > 1 ? one() : latest();
        };
    }

    private ExitCode preview() {
        JsonNode told = api.post("runs/preview", wanted(), Map.of()).body();
        if (out.json(told)) {
            return ExitCode.OK;
        }
        out.line("It would take %s%s sagas."
                .formatted(
                        told.path("isAll").asBoolean(true)
                                        && told.path("isAllRead").asBoolean(true)
                                ? ""
                                : "at least ",
                        Output.text(told, "count")));
        Shown.without("count", "isAll", "isAllRead").show(told, out, err);
        return ExitCode.OK;
    }

    private ExitCode plan() {
        Map<String, Object> body = wanted();
        body.put("reason", call.needed("reason"));
        if (call.is("ramp")) {
            body.put("ramp", call.numbers("ramp"));
        }
        for (String name : List.of("per-second", "stop-ratio")) {
            if (call.is(name)) {
                body.put(name.equals("per-second") ? "perSecond" : "stopRatio", call.decimal(name));
            }
        }
        JsonNode run = new Orders(api, call, out)
                .ordered("runs", body, new LinkedHashMap<>())
                .body();
        if (!out.json(run)) {
            out.line("Planned, and nothing is done yet: start-run " + Output.text(run, "id"));
        }
        return ExitCode.OK;
    }

    /** Which verb over which sagas. */
    private Map<String, Object> wanted() {
        if (call.words().size() < 3) {
            throw CliException.usage("'%s' needs a verb and a filter, such as: %s retry phase:STUCK saga:money-transfer"
                    .formatted(call.command(), call.command()));
        }
        String verb = call.words().get(1);
        Map<String, String> arguments = new LinkedHashMap<>();
        Orders.arguments(verb, call).forEach((name, value) -> arguments.put(name, value.toString()));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("verb", verb);
        body.put("arguments", arguments);
        body.put("q", String.join(" ", call.words().subList(2, call.words().size())));
        return body;
    }

    private ExitCode latest() {
        JsonNode runs = api.get("runs", Map.of()).path("runs");
        if (!out.json(runs)) {
            Table table = new Table("PLANNED", "STATE", "VERB", "FILTER", "BY", "ITEMS", "COUNTS", "ID");
            runs.forEach(run -> table.add(
                    Output.text(run, "createdAt"),
                    Output.text(run, "state"),
                    Output.text(run, "verb"),
                    Output.text(run, "filter"),
                    Output.text(run, "askedBy"),
                    Output.text(run, "items"),
                    counts(run),
                    Output.text(run, "id")));
            out.print(table, runs, "There are no runs.");
        }
        return ExitCode.OK;
    }

    private ExitCode one() {
        String id = call.id();
        JsonNode run = api.get("runs/" + id, Map.of());
        if (out.json(run)) {
            return ExitCode.OK;
        }
        out.line("%s of %s, by %s: %s"
                .formatted(
                        Output.text(run, "verb"),
                        Output.text(run, "filter"),
                        Output.text(run, "askedBy"),
                        Output.text(run, "reason")));
        out.line("%s  %s"
                .formatted(Output.text(run, "state"), Output.text(run, "stateReason"))
                .strip());
        out.line("%s items: %s".formatted(Output.text(run, "items"), counts(run)));
        out.line("");
        Map<String, String> query = new LinkedHashMap<>();
        Output.put(query, "state", call.option("state"));
        Output.put(query, "size", call.option("size"));
        Table table = new Table("SAGA", "STATE", "AT", "DETAIL");
        JsonNode items = api.get("runs/" + id + "/items", query).path("items");
        items.forEach(item -> table.add(
                Output.text(item, "sagaId"),
                Output.text(item, "state"),
                Output.text(item, "at"),
                Output.text(item, "detail")));
        out.print(table, items, "No items.");
        return ExitCode.OK;
    }

    private static String counts(JsonNode run) {
        List<String> counts = new ArrayList<>();
        run.path("counts").forEachEntry((state, count) -> counts.add(state + " " + count.asString()));
        return String.join(", ", counts);
    }
}
