package io.amends.saga.definition;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.Reply;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns the methods of a saga class into actions, by their return types. */
final class SagaMethods {

    private SagaMethods() {}

    /**
     * The action of a step or compensation method that takes the data; empty if it returns something else.
     *
     * @param participant the annotation's participant, null if it has none
     */
    static Optional<StepAction> action(Method method, Object bean, @Nullable String participant) {
        @Nullable Type returned = method.getGenericReturnType();
        boolean optional = raw(returned) == Optional.class;
        if (optional) {
            returned = argument(returned);
        }
        Class<?> type = raw(returned);
        if (type == AddressedCommand.class) {
            Type commandType = argument(returned);
            return Optional.of(new StepAction.Remote(
                    commandClass(raw(commandType)), participant, data -> addressed(call(method, bean, data))));
        }
        if (Command.class.isAssignableFrom(type)) {
            return participant == null
                    ? Optional.empty()
                    : Optional.of(new StepAction.Remote(
                            commandClass(type),
                            participant,
                            data -> addressedTo(participant, call(method, bean, data))));
        }
        boolean local =
                type == void.class || Reply.class.isAssignableFrom(type) || type == method.getParameterTypes()[0];
        return local && !optional
                ? Optional.of(new StepAction.Local(data -> localResult(data, call(method, bean, data))))
                : Optional.empty();
    }

    private static Optional<AddressedCommand<?>> addressed(@Nullable Object returned) {
        if (returned instanceof Optional<?> optional) {
            return optional.map(AddressedCommand.class::cast);
        }
        return Optional.of((AddressedCommand<?>) notNull(returned));
    }

    private static Optional<AddressedCommand<?>> addressedTo(String participant, @Nullable Object returned) {
        if (returned instanceof Optional<?> optional) {
            return optional.map(command -> new AddressedCommand<>(participant, (Command<?>) command));
        }
        return Optional.of(new AddressedCommand<>(participant, (Command<?>) notNull(returned)));
    }

    private static LocalResult localResult(Object data, @Nullable Object returned) {
        if (returned instanceof Reply reply) {
            return new LocalResult(data, reply);
        }
        return new LocalResult(returned == null ? data : returned, null);
    }

    private static Object notNull(@Nullable Object command) {
        if (command == null) {
            throw new IllegalStateException("it returned null; to skip the step, return Optional.empty().");
        }
        return command;
    }

    /** Calls the method; what it throws comes out as it is, checked exceptions wrapped. */
    static @Nullable Object call(Method method, Object bean, Object... arguments) {
        try {
            return method.invoke(bean, arguments);
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new UndeclaredThrowableException(cause, method.getName() + " threw");
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException("The method was made accessible.", impossible);
        }
    }

    private static Class<?> raw(@Nullable Type type) {
        if (type instanceof Class<?> known) {
            return known;
        }
        return type instanceof ParameterizedType parameterized && parameterized.getRawType() instanceof Class<?> known
                ? known
                : Object.class;
    }

    private static @Nullable Type argument(@Nullable Type type) {
        return type instanceof ParameterizedType parameterized ? parameterized.getActualTypeArguments()[0] : null;
    }

    @SuppressWarnings("unchecked") // checked by isAssignableFrom
    private static @Nullable Class<? extends Command<?>> commandClass(Class<?> type) {
        return Command.class.isAssignableFrom(type) && type != Command.class
                ? (Class<? extends Command<?>>) type
                : null;
    }
}
