package io.amends.dashboard.access;

import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.Masked;
import io.amends.saga.definition.Contract;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** Finds the names of what is {@link Masked} in the data, commands and replies of sagas, and in all that these are made of. */
public final class MaskedNames {

    private final Set<Class<?>> seen = new HashSet<>();
    private final Set<String> names = new TreeSet<>();
    private final PayloadCodec codec;

    private MaskedNames(PayloadCodec codec) {
        this.codec = codec;
    }

    /**
     * The names, as the types have them and as they are written.
     *
     * @param codec what data, commands and replies are written with
     */
    public static Set<String> of(Collection<SagaDefinition> definitions, PayloadCodec codec) {
        MaskedNames found = new MaskedNames(codec);
        definitions.forEach(found::look);
        return Set.copyOf(found.names);
    }

    private void look(SagaDefinition definition) {
        look(definition.dataType());
        definition.migrations().forEach(migration -> look(migration.dataType()));
        definition.steps().forEach(step -> {
            look(step.action());
            if (step.compensation() != null) {
                look(step.compensation());
            }
        });
    }

    private void look(StepAction action) {
        if (action instanceof StepAction.Remote remote && remote.commandType() != null) {
            look(remote.commandType());
            Contract.of(remote.commandType()).replies().forEach(this::look);
        } else if (action instanceof StepAction.Await await) {
            Contract.ofReply(await.replyType()).replies().forEach(this::look);
        }
    }

    private void look(Type type) {
        if (type instanceof ParameterizedType generic) {
            look(generic.getRawType());
            for (Type argument : generic.getActualTypeArguments()) {
                look(argument);
            }
        } else if (type instanceof WildcardType wildcard) {
            for (Type bound : wildcard.getUpperBounds()) {
                look(bound);
            }
        } else if (type instanceof Class<?> known) {
            look(known);
        }
    }

    /** Under both names: texts of exceptions have that of the type. */
    private void mask(Class<?> type, String member) {
        names.add(member);
        names.add(codec.writtenName(type, member));
    }

    private void look(Class<?> type) {
        if (type.isArray()) {
            look(type.getComponentType());
            return;
        }
        if (type.isPrimitive() || type.isEnum() || type.getName().startsWith("java.") || !seen.add(type)) {
            return;
        }
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                if (component.isAnnotationPresent(Masked.class)) {
                    mask(type, component.getName());
                }
                look(component.getGenericType());
            }
        } else {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    if (field.isAnnotationPresent(Masked.class)) {
                        mask(type, field.getName());
                    }
                    look(field.getGenericType());
                }
            }
            if (type.getSuperclass() != null) {
                look(type.getSuperclass());
            }
        }
        if (type.isSealed()) {
            for (Class<?> part : type.getPermittedSubclasses()) {
                look(part);
            }
        }
    }
}
