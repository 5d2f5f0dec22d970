package io.amends.spring.boot.autoconfigure.inbox;

import io.amends.outbox.inbox.IdempotentListener;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/** Looks through the classes of all beans, without making any, for methods that are to listen. For one thread. */
final class ListenerScan {

    private final ConfigurableListableBeanFactory factory;
    private final UnaryOperator<String> placeholders;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, ListenerDefinition> byConsumer = new TreeMap<>();

    private ListenerScan(ConfigurableListableBeanFactory factory, UnaryOperator<String> placeholders) {
        this.factory = factory;
        this.placeholders = placeholders;
    }

    /**
     * The listeners, by the names of their consumers.
     *
     * @throws InvalidListenersException if any can't work; it lists all of them
     */
    static List<ListenerDefinition> of(ConfigurableListableBeanFactory factory, UnaryOperator<String> placeholders) {
        ListenerScan scan = new ListenerScan(factory, placeholders);
        for (String name : factory.getBeanNamesForType(Object.class, false, false)) {
            if (!ScopedProxyUtils.isScopedTarget(name)) {
                scan.look(name);
            }
        }
        if (!scan.problems.isEmpty()) {
            throw new InvalidListenersException(scan.problems);
        }
        return List.copyOf(scan.byConsumer.values());
    }

    private void look(String beanName) {
        Class<?> type = AutoProxyUtils.determineTargetClass(factory, beanName);
        if (type == null || !AnnotationUtils.isCandidateClass(type, IdempotentListener.class)) {
            return;
        }
        Map<Method, IdempotentListener> methods =
                MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<IdempotentListener>)
                        method -> AnnotatedElementUtils.findMergedAnnotation(method, IdempotentListener.class));
        methods.forEach((method, listener) -> define(beanName, method, listener));
    }

    private void define(String beanName, Method method, IdempotentListener listener) {
        String consumer = placeholders.apply(listener.consumer()).strip();
        String group = placeholders.apply(listener.group()).strip();
        List<String> topics = Arrays.stream(listener.topics())
                .map(topic -> placeholders.apply(topic).strip())
                .toList();
        List<ListenerParameter> parameters = Arrays.stream(method.getGenericParameterTypes())
                .map(ListenerParameter::of)
                .toList();
        ListenerDefinition definition = new ListenerDefinition(
                consumer,
                topics,
                group.isEmpty() ? consumer : group,
                listener.idHeader(),
                beanName,
                method,
                parameters);
        check(definition);
        ListenerDefinition other = byConsumer.putIfAbsent(consumer, definition);
        if (other != null) {
            problem(
                    definition,
                    "the consumer '%s' is %s already: each listener needs a name of its own, or one would take the other's messages for repeats.",
                    consumer,
                    other.place());
        }
    }

    private void check(ListenerDefinition definition) {
        Method method = definition.method();
        if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
            problem(
                    definition,
                    "it is private or static. Make it an instance method that its class's proxies can call.");
        }
        if (method.getReturnType() != void.class) {
            problem(
                    definition,
                    "it returns %s, which nobody would get. Make it void; append an answer to the Outbox.",
                    method.getReturnType().getSimpleName());
        }
        long messages = definition.parameters().stream()
                .filter(ListenerParameter::isMessage)
                .count();
        if (messages != 1) {
            problem(
                    definition,
                    "it has %d parameters for the message, but needs exactly one: ConsumerRecord<byte[], byte[]>, or the type that the value is read as. Besides it may take the message's id (UUID) and Kafka's Headers.",
                    messages);
        }
        if (definition.parameters().stream().anyMatch(ListenerParameter::isForeignRecord)) {
            problem(
                    definition,
                    "its record is not of bytes. Take ConsumerRecord<byte[], byte[]>, or the payload's type instead of the record.");
        }
        if (definition.consumer().isEmpty()) {
            problem(definition, "its consumer has no name.");
        }
        if (definition.topics().isEmpty() || definition.topics().contains("")) {
            problem(definition, "it names no topic, or an empty one.");
        }
        if (definition.idHeader().isBlank()) {
            problem(definition, "it names no header that holds the message's id.");
        }
    }

    private void problem(ListenerDefinition definition, String format, Object... arguments) {
        problems.add(definition.place() + ": " + format.formatted(arguments));
    }
}
