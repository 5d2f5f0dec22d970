package io.amends.saga.engine;

import java.util.Locale;
import java.util.Optional;

/** What a reply says of its command. */
public enum Outcome {
    /** Done. */
    SUCCESS,
    /** A business "no": nothing was changed. */
    REJECTION,
    /** The participant gave up after technical trouble; nothing was changed. */
    ERROR;

    /** The outcome as it stands in the {@code saga_outcome} header: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The outcome of that wire name, empty for an unknown one. */
    public static Optional<Outcome> ofWireName(String name) {
        return switch (name) {
            case "success" -> Optional.of(SUCCESS);
            case "rejection" -> Optional.of(REJECTION);
            case "error" -> Optional.of(ERROR);
            default -> Optional.empty();
        };
    }
}
