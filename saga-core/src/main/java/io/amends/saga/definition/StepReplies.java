package io.amends.saga.definition;

import io.amends.saga.Command;
import io.amends.saga.MessageTypes;
import io.amends.saga.Reply;
import java.lang.reflect.Modifier;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the class of a reply from its logical type; only classes that the definition names can be found. */
public final class StepReplies {

    private StepReplies() {}

    /** The reply type of that name, from the command's contract or else from a reply handler. */
    public static Optional<Class<? extends Reply>> find(StepDefinition step, boolean compensation, String typeName) {
        Class<? extends Command<?>> commandType = commandType(step, compensation);
        if (commandType != null) {
            Optional<Class<? extends Reply>> found = Contract.of(commandType).byTypeName(typeName);
            if (found.isPresent()) {
                return found;
            }
        }
        if (compensation) {
            return Optional.empty();
        }
        for (ReplyHandler handler : step.replyHandlers()) {
            Class<? extends Reply> type = handler.replyType();
            if (!type.isInterface()
                    && !Modifier.isAbstract(type.getModifiers())
                    && MessageTypes.nameOf(type).equals(typeName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Whether the command's contract lists every reply, so that another type is a mistake of the sender. */
    public static boolean isClosed(StepDefinition step, boolean compensation) {
        Class<? extends Command<?>> commandType = commandType(step, compensation);
        return commandType != null && Contract.of(commandType).isClosed();
    }

    private static @Nullable Class<? extends Command<?>> commandType(StepDefinition step, boolean compensation) {
        StepAction action = compensation ? step.compensation() : step.action();
        return action instanceof StepAction.Remote remote ? remote.commandType() : null;
    }
}
