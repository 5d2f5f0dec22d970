package io.amends.dashboard.audit;

import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param name the name that the application knows them by
 * @param address the network address that they came from, null if it is not known
 */
public record Operator(String name, @Nullable String address) {

    /** Nobody in particular can't be held to account. */
    public Operator {
        if (name.isBlank()) {
            throw new IllegalArgumentException("An operator has a name.");
        }
    }

    /** Whether that is the name of the same person; upper and lower case are the same. */
    public boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }
}
