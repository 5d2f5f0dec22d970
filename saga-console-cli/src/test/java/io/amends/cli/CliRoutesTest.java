package io.amends.cli;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A terminal can do whatever the API can: each operation of its document is called by some command, with all that the operation
 * takes. Who adds an operation adds a line to {@link Routes} and one to {@link #CALLS}.
 */
class CliRoutesTest {

    private static final String ID = "0198c5a0-1111-7000-8000-0123456789ab";
    private static final String GROUP = "0123456789abcdef";
    private static final String PASSWORD = "nobody's business";

    /** Calls that between them use every command with every option. FILE is a file that is there. */
    private static final List<String> CALLS = List.of(
            "stuck --reason HOT_RETRY --saga loaf --version 1 --age HOUR --size 5 --all",
            "counts",
            "search phase:STUCK --size 5 --all",
            "show ID --history",
            "data ID",
            "unmask ID --reason R",
            "place ID ID",
            "groups saga:loaf",
            "group-note GROUP --note N --owner O --muted-until 2030-01-01T00:00:00Z --reason R --key K",
            "views",
            "save-view --name N --filter phase:STUCK --shared --reason R",
            "change-view ID --name N --filter phase:STUCK --reason R",
            "delete-view ID --reason R --revision 7",
            "retry ID --reason R --wait 1s",
            "edit-and-retry ID --data FILE --revision 7 --reason R",
            "edit-and-retry ID --data FILE --dry-run",
            "resume-from-step ID --step bake --reason R",
            "compensate ID --reason R",
            "pause ID --until 2030-01-01T00:00:00Z --reason R",
            "pause ID --until 2030-01-01T00:00:00Z --dry-run",
            "resume ID --reason R",
            "extend-deadline ID --to 2030-01-01T00:00:00Z --reason R",
            "extend-deadline ID --to 2030-01-01T00:00:00Z --dry-run",
            "skip ID --step bake --compensation --result-type T --result {} --reason R",
            "skip ID --step bake --compensation --result-type T --result {} --dry-run",
            "resolve ID --as COMPLETED --reason R",
            "resolve ID --as COMPLETED --dry-run",
            "reopen ID --reason R",
            "migrate ID --version 2 --reason R",
            "migrate ID --version 2 --dry-run",
            "approvals",
            "approvals ID",
            "approve ID",
            "decline ID --reason R",
            "withdraw ID --reason R",
            "runs",
            "runs ID --state OPEN",
            "run-items ID --state OPEN --after 3 --size 5",
            "preview-run skip phase:STUCK --step bake",
            "plan-run retry phase:STUCK --ramp 1,10 --per-second 2.5 --stop-ratio 0.1 --reason R",
            "start-run ID",
            "pause-run ID --reason R",
            "resume-run ID --stop-ratio 0.5 --reason R",
            "cancel-run ID --reason R",
            "messages",
            "set-aside letters 0 7",
            "set-aside-discard letters 0 7 --reason R",
            "message 5",
            "message-retry 5 --reason R",
            "message-discard 5 --reason R",
            "outbox",
            "outbox-message 5",
            "outbox-payload 5",
            "outbox-unpark 5 --reason R",
            "outbox-edit 5 --topic T --payload FILE --revision r1 --reason R",
            "outbox-foresee 5 --topic T --payload FILE",
            "outbox-discard 5 --reason R",
            "in-doubt",
            "settle-in-doubt --reason R",
            "lag",
            "audit --actor A --verb V --saga ID --run ID --from F --before B --after 5 --size 5",
            "export-audit --format csv --actor A --verb V --saga ID --run ID --from F --before B",
            "action 5",
            "action-edit 5",
            "versions",
            "charts --minutes 5",
            "openapi",
            "me");

    /** Of routes that an older console does not have. */
    private static final Map<String, List<String>> CALLS_OF_NEW_ROUTES = Map.of(
            "GET /sagas/{id}/records/{message}",
            List.of("record ID ID", "unmask-record ID ID --reason R", "waiting ID saga.loaf.replies-3@42"),
            "POST /messages/set-aside/{topic}/{partition}/{offset}/replay",
            List.of("set-aside-replay letters 0 7 --reason R"));

    /** What no command calls, and what none sends; and why. */
    private static final Map<String, String> NOT_FROM_A_TERMINAL = Map.of(
            "GET /events",
            "a stream, for pages that stay open; a script asks again with 'stuck --check' or 'action'",
            "POST /sagas/{id}/{verb}/foresee body reason",
            "the server asks for none where nothing is done",
            "POST /outbox/parked/{position}/edit/foresee body reason",
            "likewise",
            "POST /runs/{id}/pause body stopRatio",
            "only a run that goes on has use for it",
            "POST /runs/{id}/cancel body stopRatio",
            "likewise");

    /** One for all: each command finds in it what it looks for. */
    private static final String ANSWER = """
            {"revision": 7, "state": "PROGRESSED", "actionId": 5, "result": "DONE", "sagas": [],
             "groups": [{"id": "%s", "note": {"revision": 3, "text": "old"}}], "views": [{"id": "%s", "revision": 7}]%s}""";

    private static HttpServer server;
    private static Path edited;
    private static final Queue<Sent> SENT = new ConcurrentLinkedQueue<>();

    /**
     * What reached the server.
     *
     * @param parts what it had, such as {@code header If-Match}
     */
    private record Sent(String method, String path, Set<String> parts) {}

    /** An operation of the document. */
    private record Operation(String name, String method, List<String> path, Set<String> takes) {

        boolean isMeantBy(Sent sent) {
            List<String> segments = segments(sent.path());
            return sent.method().equals(method)
                    && segments.size() == path.size()
                    && Stream.iterate(0, i -> i < segments.size(), i -> i + 1)
                            .allMatch(i -> isOpen(path.get(i)) || path.get(i).equals(segments.get(i)));
        }

        long fixed() {
            return path.stream().filter(part -> !isOpen(part)).count();
        }

        private static boolean isOpen(String part) {
            return part.startsWith("{");
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeAll
    static void listen(@TempDir Path directory) throws IOException {
        edited = Files.writeString(directory.resolve("edited.json"), "{\"id\": \"rye\"}");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", CliRoutesTest::answer);
        server.start();
    }

    @AfterAll
    static void close() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Set<String> parts = new TreeSet<>();
            String query = exchange.getRequestURI().getRawQuery();
            if (query != null) {
                Arrays.stream(query.split("&", -1))
                        .forEach(parameter -> parts.add("query " + parameter.split("=", 2)[0]));
            }
            for (String header : List.of("If-Match", "Idempotency-Key")) {
                if (exchange.getRequestHeaders().containsKey(header)) {
                    parts.add("header " + header);
                }
            }
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!body.isEmpty()) {
                JsonMapper.shared()
                        .readTree(body)
                        .propertyStream()
                        .forEach(member -> parts.add("body " + member.getKey()));
            }
            String path = exchange.getRequestURI().getPath().replaceFirst("^/amends/api/v1", "");
            SENT.add(new Sent(exchange.getRequestMethod(), path, parts));
            boolean isLast = !Set.of("/stuck", "/sagas").contains(path) || parts.contains("query after");
            byte[] text = path.equals("/audit/export")
                    ? "end,0,\n".getBytes(StandardCharsets.UTF_8)
                    : ANSWER.formatted(GROUP, ID, isLast ? "" : ", \"next\": \"" + ID + '"')
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    private ExitCode call(String line) {
        String[] arguments = Arrays.stream(line.split(" ", -1))
                .map(word -> switch (word) {
                    case "ID" -> ID;
                    case "GROUP" -> GROUP;
                    case "FILE" -> edited.toString();
                    default -> word;
                })
                .toArray(String[]::new);
        PrintStream to = new PrintStream(out, true, StandardCharsets.UTF_8);
        String url = "http://127.0.0.1:%d/amends".formatted(server.getAddress().getPort());
        return new Cli(
                        Map.of("AMENDS_URL", url, "AMENDS_USER", "ann", "AMENDS_PASSWORD", PASSWORD),
                        question -> null,
                        to,
                        to)
                .run(arguments);
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    private static List<Operation> operations() throws IOException {
        try (InputStream file = Objects.requireNonNull(
                CliRoutesTest.class.getResourceAsStream("/io/amends/dashboard/rest/openapi.json"))) {
            JsonNode document = JsonMapper.shared().readTree(file);
            List<Operation> all = new ArrayList<>();
            document.path("paths")
                    .forEachEntry((path, methods) -> methods.forEachEntry((method, operation) -> {
                        String called = method.toUpperCase(Locale.ROOT);
                        Set<String> takes = new TreeSet<>();
                        operation.path("parameters").forEach(parameter -> {
                            String in = parameter.path("in").asString();
                            if (!in.equals("path")) {
                                takes.add(in + " " + parameter.path("name").asString());
                            }
                        });
                        String body = operation
                                .at("/requestBody/content/application~1json/schema/$ref")
                                .asString("#/none");
                        document.at(body.substring(1) + "/properties")
                                .propertyStream()
                                .forEach(member -> takes.add("body " + member.getKey()));
                        all.add(new Operation(called + " " + path, called, segments(path), takes));
                    }));
            return all;
        }
    }

    private static List<String> calls(List<Operation> operations) {
        Set<String> known = operations.stream().map(Operation::name).collect(toSet());
        return Stream.concat(
                        CALLS.stream(),
                        CALLS_OF_NEW_ROUTES.entrySet().stream()
                                .filter(calls -> known.contains(calls.getKey()))
                                .flatMap(calls -> calls.getValue().stream()))
                .toList();
    }

    /** What was sent, by the operation that it is. */
    private static Map<String, Set<String>> used(List<Operation> operations) {
        Map<String, Set<String>> used = new TreeMap<>();
        for (Sent sent : SENT) {
            Operation meant = operations.stream()
                    .filter(operation -> operation.isMeantBy(sent))
                    .max(Comparator.comparingLong(Operation::fixed))
                    .orElseThrow(() -> new AssertionError("The API has no " + sent));
            used.computeIfAbsent(meant.name(), name -> new TreeSet<>()).addAll(sent.parts());
        }
        return used;
    }

    @Test
    void each_operation_of_the_api_is_called_by_some_command_with_all_that_it_takes() throws IOException {
        SENT.clear();
        List<Operation> operations = operations();
        for (String line : calls(operations)) {
            assertThat(call(line)).as(line + "\n" + out).isEqualTo(ExitCode.OK);
        }

        Map<String, Set<String>> used = used(operations);
        Set<String> missing = new TreeSet<>();
        for (Operation operation : operations) {
            if (!used.containsKey(operation.name())) {
                missing.add(operation.name());
                continue;
            }
            operation.takes().stream()
                    .filter(part -> !used.get(operation.name()).contains(part))
                    .forEach(part -> missing.add(operation.name() + " " + part));
            assertThat(operation.takes()).as(operation.name()).containsAll(used.get(operation.name()));
        }
        assertThat(missing)
                .as("what no command does; add a line to Routes, and one to CALLS here")
                .isSubsetOf(NOT_FROM_A_TERMINAL.keySet());
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain(PASSWORD);
    }

    @Test
    void each_command_is_called_here_and_told_in_the_help() {
        Set<String> called = Stream.concat(
                        CALLS.stream(), CALLS_OF_NEW_ROUTES.values().stream().flatMap(List::stream))
                .map(line -> line.split(" ", 2)[0])
                .collect(toSet());

        assertThat(Commands.NAMES).containsExactlyInAnyOrderElementsOf(called);
        assertThat(Commands.NAMES).allSatisfy(name -> assertThat(Cli.HELP).containsPattern("(?m)^  " + name + "( |$)"));
        assertThat(Cli.HELP.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(130));
    }

    @Test
    void nothing_is_ordered_without_its_reason_or_sent_with_an_option_that_it_does_not_take() {
        SENT.clear();
        List<String> orders = CALLS.stream()
                .filter(line -> line.contains(" --reason R") && !line.contains("-view"))
                .toList();

        assertThat(orders)
                .hasSizeGreaterThan(25)
                .allSatisfy(line ->
                        assertThat(call(line.replace(" --reason R", ""))).isEqualTo(ExitCode.USAGE));
        for (String line : List.of(
                "data ID --reason R",
                "unmask ID --reason R --key K",
                "message five",
                "message",
                "place ID rye",
                "outbox-edit 5 --topic T --reason R",
                "edit-and-retry ID --data FILE --reason R",
                "edit-and-retry ID --data nowhere.json --revision 7 --reason R",
                "plan-run retry --reason R",
                "plan-run retry phase:STUCK --reason R --dry-run",
                "approve ID --dry-run",
                "decline ID --reason R --dry-run",
                "pause-run ID --reason R --dry-run",
                "plan-run retry phase:STUCK --ramp some --reason R",
                "resume-run ID --stop-ratio half --reason R")) {
            assertThat(call(line)).as(line).isEqualTo(ExitCode.USAGE);
        }
        assertThat(SENT.stream().map(Sent::toString).collect(joining("\n"))).isEmpty();
    }
}
