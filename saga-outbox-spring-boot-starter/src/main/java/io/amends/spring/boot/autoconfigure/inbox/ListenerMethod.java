package io.amends.spring.boot.autoconfigure.inbox;

import io.amends.outbox.inbox.KafkaRecord;
import io.amends.outbox.inbox.MessageHandler;
import io.amends.outbox.inbox.ReceivedMessage;
import io.amends.outbox.inbox.UnprocessableMessageException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.ReflectionUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;

/** Calls a listener's method with what its parameters ask for. The payload becomes what the parameter declares, nothing else. */
final class ListenerMethod implements MessageHandler {

    private final Object bean;
    private final Method method;
    private final List<ListenerParameter> parameters;
    private final ObjectMapper mapper;

    /**
     * @throws InvalidListenersException if the bean is a proxy that does not have the method
     */
    ListenerMethod(Object bean, ListenerDefinition definition, ObjectMapper mapper) {
        this.bean = bean;
        this.method = callable(bean, definition);
        this.parameters = definition.parameters();
        this.mapper = mapper;
    }

    private static Method callable(Object bean, ListenerDefinition definition) {
        try {
            Method callable = AopUtils.selectInvocableMethod(definition.method(), bean.getClass());
            ReflectionUtils.makeAccessible(callable);
            return callable;
        } catch (IllegalStateException proxied) {
            throw new InvalidListenersException(
                    List.of(
                            definition.place()
                                    + ": its bean is a proxy for its interfaces only. Remove spring.aop.proxy-target-class=false, or declare the method in the interface."));
        }
    }

    @Override
    public void handle(ReceivedMessage message) throws Exception {
        @Nullable Object[] arguments = new Object[parameters.size()];
        for (int i = 0; i < arguments.length; i++) {
            ListenerParameter parameter = parameters.get(i);
            arguments[i] = switch (parameter.kind()) {
                case RECORD -> KafkaRecord.of(message.record());
                case PAYLOAD -> payload(message, parameter.type());
                case ID -> message.id();
                case HEADERS -> KafkaRecord.of(message.record()).headers();
            };
        }
        try {
            method.invoke(bean, arguments);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof Exception exception) {
                throw exception;
            }
            if (thrown.getCause() instanceof Error error) {
                throw error;
            }
            throw thrown;
        }
    }

    private @Nullable Object payload(ReceivedMessage message, Type type) {
        byte[] value = message.record().value();
        if (value == null || type == byte[].class) {
            return value;
        }
        if (type == String.class) {
            return new String(value, StandardCharsets.UTF_8);
        }
        try {
            return mapper.readValue(value, mapper.constructType(type));
        } catch (JacksonException unreadable) {
            // Its own text quotes the payload.
            throw new UnprocessableMessageException(
                    "The value of %s can't be read as %s: %s at %s."
                            .formatted(
                                    message.place(),
                                    type.getTypeName(),
                                    unreadable.getClass().getSimpleName(),
                                    unreadable.getLocation() == null
                                            ? "an unknown place"
                                            : "line %d, column %d"
                                                    .formatted(
                                                            unreadable
                                                                    .getLocation()
                                                                    .getLineNr(),
                                                            unreadable
                                                                    .getLocation()
                                                                    .getColumnNr())),
                    unreadable);
        }
    }
}
