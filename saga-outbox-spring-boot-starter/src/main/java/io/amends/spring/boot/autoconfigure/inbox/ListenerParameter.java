package io.amends.spring.boot.autoconfigure.inbox;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.UUID;

/**
 * What a listener's parameter is given.
 *
 * @param kind what of the message
 * @param type the parameter's declared type
 */
record ListenerParameter(Kind kind, Type type) {

    enum Kind {
        RECORD,
        PAYLOAD,
        ID,
        HEADERS
    }

    /** By their names, since Kafka's client need not be there. */
    private static final String KAFKA_RECORD = "org.apache.kafka.clients.consumer.ConsumerRecord";

    private static final String KAFKA_HEADERS = "org.apache.kafka.common.header.Headers";

    static ListenerParameter of(Type type) {
        if (type == UUID.class) {
            return new ListenerParameter(Kind.ID, type);
        }
        if (type.getTypeName().equals(KAFKA_HEADERS)) {
            return new ListenerParameter(Kind.HEADERS, type);
        }
        Type raw = type instanceof ParameterizedType generic ? generic.getRawType() : type;
        boolean record = raw.getTypeName().equals(KAFKA_RECORD);
        return new ListenerParameter(record ? Kind.RECORD : Kind.PAYLOAD, type);
    }

    /** Whether it takes the message itself, as a listener does exactly once. */
    boolean isMessage() {
        return kind == Kind.RECORD || kind == Kind.PAYLOAD;
    }

    /** Whether it is a record of anything but bytes. */
    boolean isForeignRecord() {
        return kind == Kind.RECORD
                && !(type instanceof ParameterizedType generic
                        && Arrays.equals(generic.getActualTypeArguments(), new Type[] {byte[].class, byte[].class}));
    }
}
