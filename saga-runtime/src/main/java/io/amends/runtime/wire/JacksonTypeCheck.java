package io.amends.runtime.wire;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks through a type and the types of its properties for what Jackson can't write and read back, which would otherwise
 * show with the first message. Finds what has no deserializer, no usable constructor, or fields of which nothing is
 * written; what a value's content alone can show, it can't find. Used by one thread.
 */
final class JacksonTypeCheck {

    private final JsonMapper mapper;
    private final Set<JavaType> seen = new HashSet<>();

    JacksonTypeCheck(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** The first problem, with the path of the property that has it. */
    Optional<String> problemOf(Class<?> type) {
        return walk(mapper.constructType(type), type.getSimpleName());
    }

    private Optional<String> walk(JavaType type, String path) {
        if (type.isContainerType() || type.isReferenceType()) {
            return walk(type.getContentType(), path + "[]");
        }
        if (isBuiltIn(type.getRawClass()) || !seen.add(type)) {
            return Optional.empty();
        }
        try {
            ValueDeserializer<Object> reader = mapper._deserializationContext().findRootValueDeserializer(type);
            if (reader instanceof AbstractDeserializer) {
                return Optional.of("%s is the abstract type %s, and JSON does not say which class to make of it"
                        .formatted(path, name(type)));
            }
            return reader instanceof BeanDeserializerBase bean ? ofBean(type, bean, path) : Optional.empty();
        } catch (JacksonException trouble) {
            return Optional.of("%s: %s".formatted(path, trouble.getOriginalMessage()));
        }
    }

    private Optional<String> ofBean(JavaType type, BeanDeserializerBase bean, String path) {
        if (!bean.getValueInstantiator().canInstantiate()) {
            return Optional.of("%s: %s has no constructor that can be used".formatted(path, name(type)));
        }
        if (hasFields(type.getRawClass()) && !writesAnything(type)) {
            return Optional.of("%s: %s has fields, but nothing of it would be written".formatted(path, name(type)));
        }
        for (Iterator<SettableBeanProperty> properties = bean.properties(); properties.hasNext(); ) {
            SettableBeanProperty property = properties.next();
            Optional<String> problem = walk(property.getType(), path + "." + property.getName());
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private boolean writesAnything(JavaType type) {
        return mapper._serializationContext()
                .findValueSerializer(type)
                .properties()
                .hasNext();
    }

    private static boolean hasFields(Class<?> type) {
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            if (Stream.of(each.getDeclaredFields()).anyMatch(JacksonTypeCheck::isState)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isState(Field field) {
        return !Modifier.isStatic(field.getModifiers())
                && !Modifier.isTransient(field.getModifiers())
                && !field.isSynthetic();
    }

    /** Jackson's own business, as are enums. */
    private static boolean isBuiltIn(Class<?> type) {
        return type.isPrimitive() || type.isEnum() || type.getName().startsWith("java.");
    }

    private static String name(JavaType type) {
        return type.getRawClass().getSimpleName();
    }
}
