package io.amends.saga.engine;

import java.util.Locale;
import java.util.Optional;

/** Whether a command does a step or undoes it. Together with saga id and step it is the command's key. */
public enum CommandKind {
    ACTION,
    COMPENSATION;

    /** The kind as it stands in headers and rows: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that wire name, empty for an unknown one. */
    public static Optional<CommandKind> ofWireName(String name) {
        return switch (name) {
            case "action" -> Optional.of(ACTION);
            case "compensation" -> Optional.of(COMPENSATION);
            default -> Optional.empty();
        };
    }
}
