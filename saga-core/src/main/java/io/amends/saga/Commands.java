package io.amends.saga;

/** Addresses commands. */
public final class Commands {

    private Commands() {}

    /** The command, addressed to a participant that the saga's data names. */
    public static <C extends Command<?>> AddressedCommand<C> to(String participant, C command) {
        return new AddressedCommand<>(participant, command);
    }
}
