package io.amends.cli;

import io.amends.cli.Route.Kind;
import io.amends.cli.Route.Option;
import io.amends.cli.Route.Standing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The commands that are one call of the API each. A route that the API gets is a line here. */
final class Routes {

    /** Where the help says what a command is for. */
    private static final int BESIDE = 30;

    private static final Standing GROUP = new Standing(
            "groups?q=group:{}",
            "groups",
            "note",
            Map.of("note", "text", "owner", "owner", "mutedUntil", "mutedUntil"));
    private static final Standing VIEW = new Standing("views", "views", "", Map.of("name", "name", "q", "q"));
    private static final Standing VIEW_THAT_GOES = new Standing("views", "views", "", Map.of());

    private static final Shown RUN =
            Shown.saying("Run {id}: {verb} of {filter} is {state}, with {items} items. {stateReason}");
    private static final Shown SAID = Shown.saying("{said}");
    private static final Shown VIEWED = Shown.saying("View {id}: {name}, revision {revision}.");

    private static final List<Route> SAGAS = List.of(
            ask(
                    "counts",
                    "stuck/counts",
                    Shown.without("reasons"),
                    "how many are stuck, by reason, definition and age"),
            ask(
                    "groups [FILTER]",
                    "groups",
                    Shown.tables("groups=number lastHour reason severity saga:sagaName step owner:note.owner"
                            + " muted:note.mutedUntil note:note.text shape id"),
                    "stuck sagas of the same kind of failure, and what is known of it"),
            standing(
                    "group-note GROUP --reason TEXT [--note TEXT] [--owner TEXT] [--muted-until TIME] [--revision N]",
                    "groups/{}/note",
                    GROUP,
                    Shown.saying("Written down by {changedBy}, revision {revision}."),
                    "what is known, who looks after it, until when it raises no alerts; \"\" takes away"),
            ask("data ID", "sagas/{}/data", Shown.text("data"), "a saga's data, masked: into a file, to be edited"),
            send(
                    "unmask ID --reason TEXT",
                    "sagas/{}/data/unmask",
                    Shown.text("data"),
                    "its data as it is; the audit has that you saw it"),
            ask(
                    "place ID MESSAGE",
                    "sagas/{}/sent/{}/place",
                    Shown.ALL,
                    "where in Kafka a command is, and whether its participant has read it"),
            ask(
                    "record ID MESSAGE",
                    "sagas/{}/records/{}",
                    Shown.ALL,
                    "what a message of its history holds, masked, as Kafka still has it"),
            send(
                    "unmask-record ID MESSAGE --reason TEXT",
                    "sagas/{}/records/{}/unmask",
                    Shown.ALL,
                    "the same as it is; the audit has that you saw it"),
            ask(
                    "waiting ID PLACE",
                    "sagas/{}/waiting/{}",
                    Shown.ALL,
                    "what a message of it holds, masked, that waits at a place such as topic-3@42"),
            ask(
                    "views",
                    "views",
                    Shown.tables("views=name q shared revision changedBy changedAt id"),
                    "searches under a name"),
            send(
                    "save-view --name TEXT --filter FILTER [--shared] [--reason TEXT]",
                    "views",
                    VIEWED,
                    "keep a search; --shared for all, with a reason"),
            kept(
                    "change-view ID [--name TEXT] [--filter FILTER] [--reason TEXT] [--revision N]",
                    "views/{}",
                    VIEW,
                    VIEWED,
                    "give it another name or filter"),
            kept(
                    "delete-view ID [--reason TEXT] [--revision N]",
                    "views/{}/delete",
                    VIEW_THAT_GOES,
                    Shown.saying("Deleted: {name}, which was {q}"),
                    "delete it"));

    private static final List<Route> RUNS = List.of(
            order("start-run ID", "runs/{}/start", RUN, "begin, with the sagas that match now"),
            order("pause-run ID --reason TEXT", "runs/{}/pause", RUN, "hold it"),
            order(
                    "resume-run ID --reason TEXT [--stop-ratio RATIO]",
                    "runs/{}/resume",
                    RUN,
                    "let one go on that was paused or stopped"),
            order("cancel-run ID --reason TEXT", "runs/{}/cancel", RUN, "end it; what was done stays"),
            ask(
                    "run-items ID [--state S] [--after POSITION] [--size N]",
                    "runs/{}/items",
                    Shown.tables("items=sagaId position state at line:actionId detail"),
                    "what came of each saga of it"));

    private static final List<Route> MESSAGES = List.of(
            ask(
                    "messages",
                    "messages",
                    Shown.tables(
                            "setAside=topic partition offset since code sagaId text",
                            "parkedMessages=id consumer topic partition offset attempts parkedAt waiting reason",
                            "waiting.commands=participant sagaId step kind attempts nextAttemptAt error",
                            "waiting.replies=sagaId topic partition offset since"),
                    "those that nobody could take, those that a consumer could not handle, and what waits in the inbox"),
            ask(
                    "set-aside TOPIC PARTITION OFFSET",
                    "messages/set-aside/{}/{}/{}",
                    Shown.ALL,
                    "what one holds that nobody could take, masked"),
            order(
                    "set-aside-replay TOPIC PARTITION OFFSET --reason TEXT",
                    "messages/set-aside/{}/{}/{}/replay",
                    Shown.saying("{explanation} Line {actionId} of the audit says what came of it."),
                    "have it handled once more as it came; 'action LINE' tells what came of it"),
            order(
                    "set-aside-discard TOPIC PARTITION OFFSET --reason TEXT",
                    "messages/set-aside/{}/{}/{}/discard",
                    SAID,
                    "delete it; no saga is told"),
            ask(
                    "message NUMBER",
                    "messages/parked/{}",
                    Shown.ALL,
                    "what one holds that a consumer could not handle, masked"),
            order("message-retry NUMBER --reason TEXT", "messages/parked/{}/retry", SAID, "have it tried again"),
            order("message-discard NUMBER --reason TEXT", "messages/parked/{}/discard", SAID, "drop it"),
            ask(
                    "outbox",
                    "outbox",
                    Shown.tables("parked=position topic key type reasonCode parkedAt followers bytes reason"),
                    "lanes, relays, segments, and what Kafka refused"),
            ask(
                    "outbox-message POSITION",
                    "outbox/parked/{}/contents",
                    Shown.ALL,
                    "what a refused message holds, masked"),
            ask(
                    "outbox-payload POSITION",
                    "outbox/parked/{}",
                    Shown.text("payload"),
                    "its payload, masked: into a file, to be edited; with the revision for that"),
            order("outbox-unpark POSITION --reason TEXT", "outbox/parked/{}/unpark", SAID, "have it tried again"),
            order(
                    "outbox-edit POSITION --reason TEXT --revision R [--topic TEXT] [--payload FILE]",
                    "outbox/parked/{}/edit",
                    SAID,
                    "have it tried again with another topic or payload"),
            send(
                    "outbox-foresee POSITION [--topic TEXT] [--payload FILE]",
                    "outbox/parked/{}/edit/foresee",
                    Shown.ALL,
                    "what such an edit would change; nothing is done"),
            order("outbox-discard POSITION --reason TEXT", "outbox/parked/{}/discard", SAID, "drop it for good"),
            order(
                    "settle-in-doubt --reason TEXT",
                    "in-doubt/settle",
                    Shown.ALL,
                    "end each branch in doubt as the log of decisions says"),
            ask("lag", "lag", Shown.ALL, "how far the consumers are behind"));

    private static final List<Route> OTHERS = List.of(
            ask(
                    "audit [--actor NAME] [--verb VERB] [--saga ID] [--run ID] [--from TIME] [--before TIME] [--after LINE] [--size N]",
                    "audit",
                    Shown.tables("lines=line:id at by:entry.operator.name verb:entry.verb state"
                            + " saga:entry.subject.sagaId run:entry.subject.runId reason:entry.reason"),
                    "what operators did, the latest first"),
            ask("action LINE", "actions/{}", Shown.ALL, "a line of the audit, and what came of it so far"),
            ask("action-edit LINE", "actions/{}/edit", Shown.ALL, "what an edit put in the place of what, masked"),
            new Route(
                    Kind.EXPORT,
                    "export-audit [--format csv|jsonl] [--actor NAME] [--verb VERB] [--saga ID] [--run ID] [--from TIME] [--before TIME]",
                    "audit/export",
                    null,
                    Shown.ALL,
                    "all of it, for a file; the last line says that it is whole"),
            ask("versions", "versions", Shown.ALL, "the versions of definitions, and how far each is drained"),
            ask(
                    "charts [--minutes N]",
                    "charts",
                    Shown.ALL,
                    "rates, latencies and ages, as the process that answers sees them"),
            ask("openapi", "openapi.json", (answer, out, beside) -> out.pretty(answer), "the API itself"));

    static final List<Route> ALL =
            Stream.of(SAGAS, RUNS, MESSAGES, OTHERS).flatMap(List::stream).toList();

    private Routes() {}

    static Optional<Route> find(String name) {
        return ALL.stream().filter(route -> route.name().equals(name)).findFirst();
    }

    static Stream<Option> options() {
        return ALL.stream().flatMap(route -> route.options().stream());
    }

    /** The lines of the help about what is done to a run. */
    static String helpOfRuns() {
        return help(RUNS);
    }

    /** The sections of the help about all that is neither a verb of one saga nor a run. */
    static String helpOfTheRest() {
        return "Failures, data and searches\n%s\nMessages\n%s\nWhat was done, and what there is\n%s"
                .formatted(help(SAGAS), help(MESSAGES), help(OTHERS));
    }

    private static String help(List<Route> routes) {
        StringBuilder lines = new StringBuilder();
        for (Route route : routes) {
            String usage = "  " + route.usage();
            boolean isShort = usage.length() < BESIDE - 1;
            lines.append(usage)
                    .append(isShort ? " ".repeat(BESIDE - usage.length()) : "\n" + " ".repeat(BESIDE))
                    .append(route.help())
                    .append('\n');
        }
        return lines.toString();
    }

    private static Route ask(String usage, String path, Shown shown, String help) {
        return new Route(Kind.ASK, usage, path, null, shown, help);
    }

    private static Route order(String usage, String path, Shown shown, String help) {
        return new Route(Kind.ORDER, usage, path, null, shown, help);
    }

    private static Route send(String usage, String path, Shown shown, String help) {
        return new Route(Kind.SEND, usage, path, null, shown, help);
    }

    /** An order about what stands somewhere. */
    private static Route standing(String usage, String path, Standing standing, Shown shown, String help) {
        return new Route(Kind.ORDER, usage, path, standing, shown, help);
    }

    /** One that takes no key; what it names can be changed once as it stood. */
    private static Route kept(String usage, String path, Standing standing, Shown shown, String help) {
        return new Route(Kind.SEND, usage, path, standing, shown, help);
    }
}
