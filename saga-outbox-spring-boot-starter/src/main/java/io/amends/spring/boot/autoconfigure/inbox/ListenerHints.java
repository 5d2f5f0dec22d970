package io.amends.spring.boot.autoconfigure.inbox;

import io.amends.outbox.inbox.IdempotentListener;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/** What a native image has to keep of a bean with idempotent listeners: these methods, and the types of their payloads. */
final class ListenerHints implements BeanRegistrationAotProcessor {

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
        if (!AnnotationUtils.isCandidateClass(type, IdempotentListener.class)) {
            return null;
        }
        Set<Method> methods = MethodIntrospector.selectMethods(
                type,
                (Method method) ->
                        AnnotatedElementUtils.findMergedAnnotation(method, IdempotentListener.class) != null);
        if (methods.isEmpty()) {
            return null;
        }
        return (context, code) -> {
            for (Method method : methods) {
                context.getRuntimeHints().reflection().registerMethod(method, ExecutableMode.INVOKE);
                Type[] payloads = Stream.of(method.getGenericParameterTypes())
                        .filter(parameter -> ListenerParameter.of(parameter).kind() == ListenerParameter.Kind.PAYLOAD)
                        .toArray(Type[]::new);
                new BindingReflectionHintsRegistrar()
                        .registerReflectionHints(context.getRuntimeHints().reflection(), payloads);
            }
        };
    }
}
