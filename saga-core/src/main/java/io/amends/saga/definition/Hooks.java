package io.amends.saga.definition;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a saga's own code does at turning points, in the transaction of the change; each takes the data and is null where
 * there is none.
 *
 * @param onCompleted once every step is done
 * @param onCompensated once everything is compensated
 * @param onCompensating once the saga turns back
 * @param onStuck once the saga is stuck
 */
public record Hooks(
        @Nullable Consumer<Object> onCompleted,
        @Nullable Consumer<Object> onCompensated,
        @Nullable Consumer<Object> onCompensating,
        @Nullable Consumer<Object> onStuck) {

    /** None. */
    public static final Hooks NONE = new Hooks(null, null, null, null);
}
