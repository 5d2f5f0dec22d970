package io.amends.outbox.inbox;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of a bean a Kafka listener that takes each message once: what it writes to the database commits together
 * with the note that the message was taken. A repeat is not handed over again. Effects elsewhere (HTTP, mail) are not
 * covered; pass them the message's id as their idempotency key.
 *
 * <p>The method returns nothing. It has one parameter for the message: either {@code ConsumerRecord<byte[], byte[]>}, or
 * any type that the application's JSON mapper reads the record's value as; {@code String} is the text and {@code byte[]}
 * the bytes as they are. It may have a parameter of type {@code UUID}, the message's id, and one of Kafka's
 * {@code Headers}. It runs in a transaction that other messages share while all is well, so it must not start threads that
 * write.
 *
 * <p>While it throws, its message is tried again with growing pauses, and later messages of the same key wait behind it;
 * others go on. After the last attempt the message is parked, see {@link ParkedMessages}. An
 * {@link UnprocessableMessageException} parks at once.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface IdempotentListener {

    /**
     * The name under which it remembers what it has taken; never change it, and never use it twice. Also the consumer group
     * unless {@link #group} says otherwise. May hold placeholders.
     */
    String consumer();

    /** The topics it reads. May hold placeholders. */
    String[] topics();

    /** The consumer group; by default the consumer's name. May hold placeholders. */
    String group() default "";

    /** The header that holds the message's id, the same in each repeat. Best a UUIDv7; other texts will do. */
    String idHeader() default "ce_id";
}
