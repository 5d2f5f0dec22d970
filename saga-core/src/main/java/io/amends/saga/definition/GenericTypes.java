package io.amends.saga.definition;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the type variables of a class's supertypes stand for, seen from that class. Immutable. */
final class GenericTypes {

    private final Map<TypeVariable<?>, Type> bindings = new HashMap<>();

    private GenericTypes() {}

    /** The bindings in all supertypes of a class. */
    static GenericTypes seenFrom(Class<?> type) {
        GenericTypes types = new GenericTypes();
        types.bindSupertypes(type);
        return types;
    }

    private void bindSupertypes(Class<?> type) {
        Type superclass = type.getGenericSuperclass();
        if (superclass != null) {
            bind(superclass);
        }
        for (Type each : type.getGenericInterfaces()) {
            bind(each);
        }
    }

    private void bind(Type supertype) {
        if (supertype instanceof ParameterizedType parameterized) {
            Class<?> raw = (Class<?>) parameterized.getRawType();
            TypeVariable<?>[] variables = raw.getTypeParameters();
            Type[] arguments = parameterized.getActualTypeArguments();
            for (int i = 0; i < variables.length; i++) {
                bindings.put(variables[i], arguments[i]);
            }
            bindSupertypes(raw);
        } else if (supertype instanceof Class<?> raw) {
            bindSupertypes(raw);
        }
    }

    /** The type with bound variables and wildcards replaced by what they stand for, else by their bound. */
    Type resolve(Type type) {
        if (type instanceof TypeVariable<?> variable) {
            Type bound = bindings.get(variable);
            return resolve(bound != null ? bound : variable.getBounds()[0]);
        }
        return type instanceof WildcardType wildcard ? resolve(wildcard.getUpperBounds()[0]) : type;
    }

    /** The class that the type is at run time. */
    Class<?> erase(Type type) {
        Type resolved = resolve(type);
        if (resolved instanceof Class<?> known) {
            return known;
        }
        return resolved instanceof ParameterizedType parameterized
                ? (Class<?>) parameterized.getRawType()
                : Object.class;
    }

    /** The only type argument of a parameterized type, resolved; empty for a raw type. */
    Optional<Type> argument(Type type) {
        return type instanceof ParameterizedType parameterized
                ? Optional.of(resolve(parameterized.getActualTypeArguments()[0]))
                : Optional.empty();
    }

    /** What a variable of a supertype stands for, null where the supertype is used raw or is not among them. */
    @Nullable
    Class<?> binding(TypeVariable<?> variable) {
        Type bound = bindings.get(variable);
        return bound != null ? erase(bound) : null;
    }
}
