package io.amends.runtime.wire;

import java.util.Optional;

/** Turns messages and saga data into bytes and back. Implementations are safe for use by many threads. */
public interface PayloadCodec {

    /**
     * Why values of that type could not be written and read back, as far as the type alone shows it; empty if nothing
     * speaks against it. Asked at start-up for every type that the application's sagas and participants name.
     */
    default Optional<String> problemOf(Class<?> type) {
        return Optional.empty();
    }

    /**
     * What a component of a record, or a field of a class, is called in the bytes. Where it is the same name, or nobody knows,
     * that is the name itself. It is what the console masks.
     *
     * @param type the record or class that has it
     * @param member its name in Java
     */
    default String writtenName(Class<?> type, String member) {
        return member;
    }

    /** The media type of the bytes, for the {@code content-type} header. */
    String contentType();

    /**
     * The value as bytes; equal values of one type give equal bytes.
     *
     * @throws PayloadException if the value can't be written
     */
    byte[] encode(Object value);

    /**
     * The value in those bytes. The type is always one that the application registered; the bytes have no say in it.
     *
     * @throws PayloadException if the bytes are not such a value; its text does not quote them
     */
    <T> T decode(byte[] bytes, Class<T> type);
}
