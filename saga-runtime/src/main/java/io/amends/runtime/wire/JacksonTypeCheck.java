package io.amends.runtime.wire;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.impl.AsDeductionTypeDeserializer;

/**
 * Looks through a type and the types of its properties for what Jackson can't write and read back, which would otherwise
 * show with the first message. Finds what has no deserializer, no usable constructor, fields of which nothing is written,
 * or several classes of which JSON does not say one; what a value's content alone can show, it can't find. Used by one thread.
 */
final class JacksonTypeCheck {

    private static final Set<JsonTypeInfo.Id> CLASS_NAMES =
            Set.of(JsonTypeInfo.Id.CLASS, JsonTypeInfo.Id.MINIMAL_CLASS);

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
        if (!seen.add(type)) {
            return Optional.empty();
        }
        try {
            DeserializationContext context = mapper._deserializationContext();
            TypeDeserializer told = context.findTypeDeserializer(type);
            return told == null ? ofOneClass(context, type, path) : ofToldClass(context, type, told, path);
        } catch (JacksonException trouble) {
            return Optional.of("%s: %s".formatted(path, trouble.getOriginalMessage()));
        }
    }

    private Optional<String> ofOneClass(DeserializationContext context, JavaType type, String path) {
        ValueDeserializer<Object> reader = context.findContextualValueDeserializer(type, null);
        if (reader instanceof AbstractDeserializer) {
            return Optional.of("%s is the abstract type %s, and JSON does not say which class to make of it"
                    .formatted(path, name(type)));
        }
        return reader instanceof BeanDeserializerBase bean && !isBuiltIn(type.getRawClass())
                ? ofBean(type, bean, path)
                : Optional.empty();
    }

    /** The content says which class to make: of the names that are known here, never of a class's own. */
    private Optional<String> ofToldClass(
            DeserializationContext context, JavaType type, TypeDeserializer told, String path) {
        TypeIdResolver by = told.getTypeIdResolver();
        // Deduction names nothing, but has the resolver of class names.
        boolean isDeduced = told instanceof AsDeductionTypeDeserializer;
        if (by != null && !isDeduced && CLASS_NAMES.contains(by.getMechanism())) {
            return Optional.of(namesAClass(path, type));
        }
        List<Class<?>> known = known(context, type, told);
        if (known.isEmpty() && (by == null || by.getMechanism() != JsonTypeInfo.Id.CUSTOM)) {
            return Optional.of("%s is the abstract type %s, which is not sealed and has no @JsonSubTypes"
                    .formatted(path, name(type)));
        }
        for (Class<?> each : known) {
            JavaType one = context.constructSpecializedType(type, each);
            Optional<String> problem = one.equals(type) || seen.add(one)
                    ? ofOneClass(context, one, one.equals(type) ? path : "%s(%s)".formatted(path, name(one)))
                    : Optional.empty();
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static List<Class<?>> known(DeserializationContext context, JavaType type, TypeDeserializer told) {
        Stream<Class<?>> named = context
                .getConfig()
                .getSubtypeResolver()
                .collectAndResolveSubtypesByTypeId(context.getConfig(), context.introspectClassAnnotations(type))
                .stream()
                .map(NamedType::getType);
        return Stream.concat(named, Stream.ofNullable(told.getDefaultImpl()))
                .filter(each -> each != Void.class && !Modifier.isAbstract(each.getModifiers()))
                .distinct()
                .toList();
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
            Optional<String> problem = ofProperty(property, path + "." + property.getName());
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    /** What a property says of itself is not what its type says, and not looked through. */
    private Optional<String> ofProperty(SettableBeanProperty property, String path) {
        JsonTypeInfo told = property.getAnnotation(JsonTypeInfo.class);
        if (told != null) {
            return CLASS_NAMES.contains(told.use())
                    ? Optional.of(namesAClass(path, property.getType()))
                    : Optional.empty();
        }
        return property.getAnnotation(JsonDeserialize.class) == null
                ? walk(property.getType(), path)
                : Optional.empty();
    }

    private static String namesAClass(String path, JavaType type) {
        return "%s: which %s it is would be said by the name of a Java class, and none is loaded because of a message"
                .formatted(path, name(type));
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
