package io.amends.saga.definition;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.Reply;
import io.amends.saga.Signal;
import io.amends.saga.SubSaga;
import io.amends.saga.SubSagaCommand;
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
     * @param starts the saga that the command starts, null if it is none of that kind
     */
    record Remote(
            @Nullable Class<? extends Command<?>> commandType,
            @Nullable String participant,
            Function<Object, Optional<AddressedCommand<?>>> command,
            @Nullable Child starts)
            implements StepAction {

        /** A command that starts no saga. */
        public Remote(
                @Nullable Class<? extends Command<?>> commandType,
                @Nullable String participant,
                Function<Object, Optional<AddressedCommand<?>>> command) {
            this(commandType, participant, command, null);
        }

        /**
         * Starts a saga, or one that undoes it, and waits for its end.
         *
         * @param child the name of the child, which is asked in either case
         * @param starts what is started
         * @param make makes it from the saga's data; empty skips the step
         */
        static Remote starting(String child, Child starts, Function<Object, Optional<SubSaga<?>>> make) {
            return new Remote(
                    SubSagaCommand.class,
                    child,
                    data -> make.apply(data)
                            .map(made -> new AddressedCommand<>(
                                    child, new SubSagaCommand(starts.saga(), made.key(), made.data()))),
                    starts);
        }
    }

    /**
     * A saga that a step starts.
     *
     * @param saga its name
     * @param dataType the type of what it is started with, as the step declares it
     */
    record Child(String saga, Class<?> dataType) {}

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
