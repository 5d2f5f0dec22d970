package io.amends.saga.definition;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.Reply;
import io.amends.saga.Signal;
import io.amends.saga.SubSaga;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns the methods of a saga class into actions, by their return types. */
final class SagaMethods {

    private SagaMethods() {}

    /** The method as problems and errors name it. */
    static String where(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(
                        ", ", method.getDeclaringClass().getSimpleName() + "." + method.getName() + "(", ")"));
    }

    /** Whether the method returns a command that carries its address, be it in an {@code Optional}. */
    static boolean isAddressed(Method method, GenericTypes types) {
        return types.erase(sent(method, types)) == AddressedCommand.class;
    }

    /** Whether the method returns a command, be it addressed or in an {@code Optional}. */
    static boolean isRemote(Method method, GenericTypes types) {
        return isAddressed(method, types) || Command.class.isAssignableFrom(types.erase(sent(method, types)));
    }

    private static Type sent(Method method, GenericTypes types) {
        Type returned = types.resolve(method.getGenericReturnType());
        return types.erase(returned) == Optional.class
                ? types.argument(returned).orElse(Object.class)
                : returned;
    }

    /** Whether the method returns a saga to start, be it in an {@code Optional}. */
    static boolean startsSaga(Method method, GenericTypes types) {
        return types.erase(sent(method, types)) == SubSaga.class;
    }

    /** The action of a method that returns a saga to start. */
    static SagaDraft.Action starting(Method method, Object bean, GenericTypes types, String saga, String child) {
        Class<?> data =
                types.argument(sent(method, types)).<Class<?>>map(types::erase).orElse(Object.class);
        return SagaDraft.Action.of(StepAction.Remote.starting(
                child,
                new StepAction.Child(saga, data),
                given -> optional(require(method, bean, given)).map(each -> (SubSaga<?>) each)));
    }

    /**
     * The action of a step or compensation method that takes the data; empty if it returns something else.
     *
     * @param participant the participant of a bare command, null if there is none
     */
    static Optional<SagaDraft.Action> action(
            Method method, Object bean, GenericTypes types, @Nullable String participant) {
        Type sent = sent(method, types);
        Class<?> type = types.erase(sent);
        if (type == AddressedCommand.class) {
            Class<?> command = types.argument(sent).<Class<?>>map(types::erase).orElse(Command.class);
            return Optional.of(SagaDraft.Action.of(new StepAction.Remote(
                    commandClass(command),
                    null,
                    data -> optional(require(method, bean, data)).map(each -> (AddressedCommand<?>) each))));
        }
        if (Command.class.isAssignableFrom(type)) {
            return Optional.ofNullable(participant)
                    .map(to -> SagaDraft.Action.of(new StepAction.Remote(
                            commandClass(type),
                            to,
                            data -> optional(require(method, bean, data))
                                    .map(each -> new AddressedCommand<>(to, (Command<?>) each)))));
        }
        if (type == Signal.class) {
            Class<?> reply = types.argument(sent).<Class<?>>map(types::erase).orElse(Reply.class);
            return Optional.of(SagaDraft.Action.of(new StepAction.Await(
                    reply.asSubclass(Reply.class),
                    data -> optional(require(method, bean, data)).map(each -> (Signal<?>) each))));
        }
        return local(method, bean, types);
    }

    private static Optional<SagaDraft.Action> local(Method method, Object bean, GenericTypes types) {
        Class<?> type = types.erase(method.getGenericReturnType());
        if (type == void.class) {
            return Optional.of(SagaDraft.Action.of(new StepAction.Local(data -> {
                call(method, bean, data);
                return new LocalResult(data, null);
            })));
        }
        if (types.erase(method.getGenericParameterTypes()[0]).isAssignableFrom(type)) {
            return Optional.of(SagaDraft.Action.of(
                    new StepAction.Local(data -> new LocalResult(require(method, bean, data), null))));
        }
        return Reply.class.isAssignableFrom(type)
                ? Optional.of(new SagaDraft.Action(
                        new StepAction.Local(data -> new LocalResult(data, (Reply) require(method, bean, data))),
                        Contract.ofReply(type.asSubclass(Reply.class))))
                : Optional.empty();
    }

    /** What a method makes of another version's data. */
    static SagaDraft.Migrating migrating(Method method, Object bean, GenericTypes types, int from) {
        Class<?> takes = types.erase(method.getGenericParameterTypes()[0]);
        return new SagaDraft.Migrating(
                new DataMigration(from, takes, data -> require(method, bean, data)),
                types.erase(method.getGenericReturnType()),
                where(method));
    }

    /** Whether the method returns what instances can be found by, be it in an {@code Optional}. */
    static boolean returnsIndexable(Method method, GenericTypes types) {
        return AttributeDefinition.isIndexable(types.erase(sent(method, types)));
    }

    private static Optional<?> optional(Object returned) {
        return returned instanceof Optional<?> maybe ? maybe : Optional.of(returned);
    }

    /** Calls a method that returns something. */
    static Object require(Method method, Object bean, Object... arguments) {
        Object returned = call(method, bean, arguments);
        if (returned == null) {
            throw new IllegalStateException(
                    "%s returned null; to skip a step, return Optional.empty(): data and replies are never null"
                            .formatted(where(method)));
        }
        return returned;
    }

    /** What a method threw: a checked exception without what {@link #call} had to wrap around it. */
    static Throwable whatWasThrown(Throwable thrown) {
        return thrown instanceof UndeclaredThrowableException wrapped
                ? Objects.requireNonNullElse(wrapped.getCause(), thrown)
                : thrown;
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
            if (cause instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new UndeclaredThrowableException(cause, "%s threw %s".formatted(where(method), cause));
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException("The method was made accessible.", impossible);
        }
    }

    @SuppressWarnings("unchecked") // checked by isAssignableFrom
    private static @Nullable Class<? extends Command<?>> commandClass(Class<?> type) {
        return Command.class.isAssignableFrom(type) && type != Command.class
                ? (Class<? extends Command<?>>) type
                : null;
    }
}
