package io.amends.cli;

import io.amends.cli.Route.Kind;
import io.amends.cli.Route.Option;
import io.amends.cli.Route.Standing;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Calls one route as its usage says. */
final class Routed {

    private static final Set<String> NUMBERS = Set.of("NUMBER", "PARTITION", "OFFSET", "POSITION", "LINE");
    private static final Set<String> IDS = Set.of("ID", "MESSAGE");
    private static final Set<String> EVERYWHERE = Set.of("url", "user", "json");

    private final Api api;
    private final Call call;
    private final Output out;
    private final PrintStream err;

    Routed(Api api, Call call, Output out, PrintStream err) {
        this.api = api;
        this.call = call;
        this.out = out;
        this.err = err;
    }

    ExitCode run(Route route) {
        refuseOthers(route);
        List<String> words = words(route);
        Map<String, Object> given = given(route);
        String path = filled(route.path(), words);
        if (route.kind() == Kind.EXPORT) {
            given.putIfAbsent("format", call.is("json") ? "jsonl" : "csv");
            String last = api.lines(path, texts(given), out::text);
            if (!last.startsWith("end,") && !last.startsWith("{\"end\":true")) {
                throw new CliException(
                        ExitCode.UNREACHABLE,
                        "It broke off: the last line, which says that it is whole, did not come. Ask again.");
            }
            return ExitCode.OK;
        }
        JsonNode answer = route.kind() == Kind.ASK ? api.get(path, texts(given)) : sent(route, path, words, given);
        if (!out.json(answer)) {
            route.shown().show(answer, out, err);
            more(answer);
        }
        return answer.path("possible").asBoolean(true) ? ExitCode.OK : ExitCode.REFUSED;
    }

    private JsonNode sent(Route route, String path, List<String> words, Map<String, Object> body) {
        Map<String, String> headers = new LinkedHashMap<>();
        String revision = call.option("revision");
        Standing standing = route.standing();
        if (standing != null) {
            JsonNode now = now(standing, words.get(0));
            standing.kept().forEach((member, name) -> {
                String before = Output.text(now, name);
                if (!body.containsKey(member) && !before.isEmpty()) {
                    body.put(member, before);
                }
            });
            revision = revision == null ? now.path("revision").asString("0") : revision;
        }
        if (revision != null) {
            headers.put("If-Match", '"' + revision + '"');
        }
        return route.kind() == Kind.ORDER
                ? new Orders(api, call, out).ordered(path, body, headers).body()
                : api.post(path, body, headers).body();
    }

    private JsonNode now(Standing standing, String id) {
        String[] place = standing.path().split("\\?q=", 2);
        Map<String, String> query = place.length == 1 ? Map.of() : Map.of("q", place[1].replace("{}", id));
        return api.get(place[0], query)
                .path(standing.rows())
                .valueStream()
                .filter(row -> Output.text(row, "id").equals(id))
                .findFirst()
                .map(row -> standing.within().isEmpty() ? row : row.path(standing.within()))
                .orElseThrow(() -> new CliException(
                        ExitCode.REFUSED, "'%s' lists no %s now. Nothing was done.".formatted(standing.rows(), id)));
    }

    private void refuseOthers(Route route) {
        Set<String> known = route.options().stream().map(Option::name).collect(Collectors.toSet());
        call.options().keySet().stream()
                .filter(name -> !known.contains(name)
                        && !EVERYWHERE.contains(name)
                        && !(name.equals("key") && route.kind() == Kind.ORDER))
                .findFirst()
                .ifPresent(name -> {
                    throw CliException.usage(
                            "'%s' takes no --%s. It is: %s".formatted(route.name(), name, route.usage()));
                });
    }

    private List<String> words(Route route) {
        List<String> names = route.words();
        List<String> words =
                new ArrayList<>(call.words().subList(1, call.words().size()));
        if (names.equals(List.of("[FILTER]"))) {
            return List.of();
        }
        if (words.size() != names.size()) {
            throw CliException.usage("It is: " + route.usage());
        }
        for (int i = 0; i < words.size(); i++) {
            if (IDS.contains(names.get(i))) {
                Call.checkedId(words.get(i));
            } else if (NUMBERS.contains(names.get(i)) && !words.get(i).matches("[0-9]{1,18}")) {
                throw CliException.usage(
                        "'%s' is no number, as %s is in: %s".formatted(words.get(i), names.get(i), route.usage()));
            }
        }
        return words;
    }

    /** By the API's names. A revision goes with the headers. */
    private Map<String, Object> given(Route route) {
        Map<String, Object> given = new LinkedHashMap<>();
        if (route.words().equals(List.of("[FILTER]")) && !call.rest().isEmpty()) {
            given.put("q", call.rest());
        }
        for (Option option : route.options()) {
            if (option.isNeeded()) {
                call.needed(option.name());
            }
            if (call.is(option.name()) && !option.name().equals("revision")) {
                given.put(option.member(), value(option));
            }
        }
        return given;
    }

    private Object value(Option option) {
        return switch (option.form()) {
            case SWITCH -> true;
            case WHOLE -> call.number(option.name());
            case DECIMAL -> call.decimal(option.name());
            case FILE -> call.file(option.name());
            case TEXT -> call.option(option.name(), "");
        };
    }

    private static String filled(String path, List<String> words) {
        String filled = path;
        for (String word : words) {
            filled = filled.replaceFirst("\\{}", Matcher.quoteReplacement(Api.encoded(word)));
        }
        return filled;
    }

    private static Map<String, String> texts(Map<String, Object> given) {
        Map<String, String> texts = new LinkedHashMap<>();
        given.forEach((name, value) -> texts.put(name, value.toString()));
        return texts;
    }

    private void more(JsonNode answer) {
        String next = Output.text(answer, "next");
        if (!next.isEmpty()) {
            err.println(Table.plain("There are more: go on with --after %s.".formatted(next)));
        }
    }
}
