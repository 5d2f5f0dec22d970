package io.amends.saga;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a class whose {@link CommandHandler} methods answer the commands that are sent to one participant. The
 * participant's name gives its command topic, {@code saga.<participant>.commands}.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface SagaParticipant {

    /** The participant's name (lower case letters, digits, hyphens); the starter resolves {@code ${...}} in it. */
    String value();
}
