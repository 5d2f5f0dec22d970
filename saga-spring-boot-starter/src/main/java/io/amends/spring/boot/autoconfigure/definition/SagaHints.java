package io.amends.spring.boot.autoconfigure.definition;

import io.amends.saga.Command;
import io.amends.saga.Reply;
import io.amends.saga.definition.Contract;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.core.ResolvableType;

/**
 * What a native image has to keep of a saga or participant class: its methods, which are called by reflection, and the
 * types that are written and read. A command that only an {@code AddressedCommand<?>} names can't be seen here.
 */
final class SagaHints {

    private static final String VOCABULARY = Reply.class.getPackageName();

    private final Class<?> declaring;
    private final Set<Class<?>> bound = new LinkedHashSet<>();
    private final Set<Type> looked = new HashSet<>();

    private SagaHints(Class<?> declaring) {
        this.declaring = declaring;
    }

    /** Adds the hints for that class, with what it inherits. */
    static void add(Class<?> declaring, ReflectionHints hints) {
        SagaHints found = new SagaHints(declaring);
        for (Class<?> type = declaring; type != null && type != Object.class; type = type.getSuperclass()) {
            hints.registerType(type, MemberCategory.INVOKE_DECLARED_METHODS);
            for (Method method : type.getDeclaredMethods()) {
                if (Arrays.stream(method.getAnnotations()).anyMatch(SagaHints::isOurs)) {
                    found.look(method);
                }
            }
        }
        new BindingReflectionHintsRegistrar().registerReflectionHints(hints, found.bound.toArray(Class<?>[]::new));
    }

    private static boolean isOurs(Annotation annotation) {
        return annotation.annotationType().getPackageName().equals(VOCABULARY);
    }

    private void look(Method method) {
        add(ResolvableType.forMethodReturnType(method, declaring));
        for (int i = 0; i < method.getParameterCount(); i++) {
            add(ResolvableType.forMethodParameter(method, i, declaring));
        }
    }

    private void add(ResolvableType type) {
        if (!looked.add(type.getType())) {
            // Also a T that extends Comparable<T>, which has no end.
            return;
        }
        Class<?> raw = type.resolve();
        if (raw != null && Command.class.isAssignableFrom(raw)) {
            bind(raw);
            Contract contract = Contract.of(raw);
            bind(contract.replyType());
            contract.replies().forEach(this::bind);
        } else if (raw != null && Reply.class.isAssignableFrom(raw)) {
            bind(raw);
            Contract.ofReply(raw.asSubclass(Reply.class)).replies().forEach(this::bind);
        } else if (raw != null) {
            bind(raw);
        }
        Arrays.stream(type.getGenerics()).forEach(this::add);
    }

    private void bind(Class<?> type) {
        boolean isNew = !type.isPrimitive() && !type.getPackageName().equals(VOCABULARY) && bound.add(type);
        if (isNew && !type.getName().startsWith("java.")) {
            bindParts(type);
        }
    }

    /** Spring sees the parts of a type, but not what a part's interface permits. */
    private void bindParts(Class<?> type) {
        if (type.isSealed()) {
            Arrays.stream(type.getPermittedSubclasses()).forEach(this::bind);
        }
        if (type.isRecord()) {
            Arrays.stream(type.getRecordComponents())
                    .forEach(part -> add(ResolvableType.forType(part.getGenericType())));
        }
    }
}
