package io.amends.saga;

import java.util.Objects;

/**
 * A command and the participant that it goes to.
 *
 * @param <C> the command type; declaring it on a step method lets start-up check the step's replies
 * @param participant the participant's name
 * @param command the command
 */
public record AddressedCommand<C extends Command<?>>(String participant, C command) {

    public AddressedCommand {
        Objects.requireNonNull(participant, "participant");
        Objects.requireNonNull(command, "command");
    }
}
