package io.amends.dashboard.kafka;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.kafka.CommandPlace.State;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.rest.ConsoleController;
import io.amends.dashboard.rest.ConsoleProblem;
import io.amends.dashboard.tenants.SagaTenants;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/** Where in Kafka a command is that nobody answered. */
@RequestMapping("/api/v1/sagas/{id}/sent/{message}")
public final class PlaceController implements ConsoleController {

    private final SentCommands commands;
    private final SagaTenants tenants;
    private final Function<SentCommand, CommandPlace> kafka;

    /**
     * With all that it asks.
     *
     * @param kafka looks for a command that was published, such as {@link CommandPlaces#find}
     */
    public PlaceController(SentCommands commands, SagaTenants tenants, Function<SentCommand, CommandPlace> kafka) {
        this.commands = commands;
        this.tenants = tenants;
        this.kafka = kafka;
    }

    /** What it answers where messages go from the outbox straight to their handlers. */
    public static CommandPlace withoutKafka(SentCommand command) {
        return CommandPlace.unasked(State.NO_KAFKA, command.topic());
    }

    /** The database is done with when Kafka is asked, which takes its time. */
    @GetMapping("/place")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("knows their sagas")
    CommandPlace place(@PathVariable UUID id, @PathVariable UUID message, Caller caller) {
        if (!tenants.sees(caller.scope(), id)) {
            throw unknown(id);
        }
        SentCommands.Known known = commands.of(id, message).orElseThrow(() -> unknown(id));
        SentCommand command = known.command();
        return switch (known.stage()) {
            case WAITS -> CommandPlace.unasked(State.NOT_PUBLISHED, command.topic());
            case PARKED -> CommandPlace.unasked(State.PARKED, command.topic());
            case PUBLISHED -> kafka.apply(command);
            case UNSURE -> unsure(kafka.apply(command));
        };
    }

    private static CommandPlace unsure(CommandPlace place) {
        return place.state() == State.NOT_FOUND || place.state() == State.NOT_REACHED
                ? place.but(SentCommands.MAY_WAIT)
                : place;
    }

    private static ConsoleProblem unknown(UUID id) {
        return ConsoleProblem.notFound(
                Sentence.of("The history of saga %s has no command with that message here.", id));
    }
}
