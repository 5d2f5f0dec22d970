package io.amends.saga.definition;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.Reply;
import io.amends.saga.Signal;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a step or its compensation does. */
public sealed interface StepAction {

    /**
     * Sends a command and waits for its reply.
     *
     * @param commandType the command's type where it is known at start-up, else null
     * @param participant the fixed participant's name, null where each command carries its address
     * @param command makes the command from the saga's data; empty skips the step. Pure: it may run again.
     */
    record Remote(
            @Nullable Class<? extends Command<?>> commandType,
            @Nullable String participant,
            Function<Object, Optional<AddressedCommand<?>>> command)
            implements StepAction {}

    /**
     * Waits for a signal.
     *
     * @param replyType what may be answered
     * @param signal the signal that is awaited; empty skips the step. Pure: it may run again.
     */
    record Await(Class<? extends Reply> replyType, Function<Object, Optional<Signal<?>>> signal)
            implements StepAction {}

    /**
     * Runs in the orchestrator's transaction.
     *
     * @param run takes the saga's data; what it throws is a technical error
     */
    record Local(Function<Object, LocalResult> run) implements StepAction {}
}
