package io.amends.saga.definition;

import io.amends.saga.Command;
import io.amends.saga.MessageTypes;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What may be answered to a command: the {@code R} of its {@code Command<R>}. Immutable.
 *
 * @param replyType the declared reply type
 * @param replies the concrete reply types that are known, by class name
 * @param isClosed whether there can be no others: the type is concrete, or sealed all the way down
 */
public record Contract(Class<? extends Reply> replyType, List<Class<? extends Reply>> replies, boolean isClosed) {

    public Contract {
        replies = List.copyOf(replies);
    }

    /** The contract of that command type; without a type argument it is any {@link Reply}. */
    public static Contract of(Class<?> commandType) {
        Type argument = argumentOf(commandType, Map.of());
        Class<? extends Reply> replyType = argument instanceof Class<?> known && Reply.class.isAssignableFrom(known)
                ? known.asSubclass(Reply.class)
                : Reply.class;
        List<Class<? extends Reply>> replies = new ArrayList<>();
        boolean closed = gather(replyType, replies);
        replies.sort(Comparator.comparing(Class::getName));
        return new Contract(replyType, replies, closed);
    }

    /** Whether a participant that keeps the contract can say no. */
    public boolean canBeRejected() {
        if (Success.class.isAssignableFrom(replyType)) {
            return false;
        }
        return !isClosed || replies.stream().anyMatch(Rejection.class::isAssignableFrom);
    }

    /** The reply type of that logical name. */
    public Optional<Class<? extends Reply>> byTypeName(String typeName) {
        for (Class<? extends Reply> reply : replies) {
            if (MessageTypes.nameOf(reply).equals(typeName)) {
                return Optional.of(reply);
            }
        }
        return Optional.empty();
    }

    /** Whether a reply of that declared type could ever be given. */
    boolean allows(Class<? extends Reply> declared) {
        if (!isClosed) {
            return declared.isAssignableFrom(replyType) || replyType.isAssignableFrom(declared);
        }
        return replies.stream().anyMatch(declared::isAssignableFrom);
    }

    /** Adds the concrete types; says whether that is all there can be. */
    private static boolean gather(Class<? extends Reply> type, List<Class<? extends Reply>> into) {
        boolean concrete = !type.isInterface() && !Modifier.isAbstract(type.getModifiers());
        if (concrete && !into.contains(type)) {
            into.add(type);
        }
        if (!type.isSealed()) {
            return concrete && Modifier.isFinal(type.getModifiers());
        }
        boolean closed = true;
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            closed &= gather(permitted.asSubclass(Reply.class), into);
        }
        return closed;
    }

    private static @Nullable Type argumentOf(Type type, Map<TypeVariable<?>, Type> known) {
        if (type instanceof ParameterizedType parameterized && parameterized.getRawType() instanceof Class<?> raw) {
            Map<TypeVariable<?>, Type> bound = new HashMap<>();
            TypeVariable<?>[] variables = raw.getTypeParameters();
            for (int i = 0; i < variables.length; i++) {
                Type actual = parameterized.getActualTypeArguments()[i];
                bound.put(
                        variables[i],
                        actual instanceof TypeVariable<?> variable ? known.getOrDefault(variable, actual) : actual);
            }
            return raw == Command.class ? bound.values().iterator().next() : argumentAbove(raw, bound);
        }
        return type instanceof Class<?> plain ? argumentAbove(plain, known) : null;
    }

    private static @Nullable Type argumentAbove(Class<?> type, Map<TypeVariable<?>, Type> known) {
        for (Type above : type.getGenericInterfaces()) {
            Type found = argumentOf(above, known);
            if (found != null) {
                return found;
            }
        }
        Type superclass = type.getGenericSuperclass();
        return superclass == null ? null : argumentOf(superclass, known);
    }
}
