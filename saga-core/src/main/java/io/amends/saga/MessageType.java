package io.amends.saga;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The logical type that a command or reply has on the wire. Without it the class's simple name in kebab case is used:
 * {@code ReserveFunds} travels as {@code reserve-funds}.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface MessageType {

    /** The type: lower case letters, digits, dots and hyphens. */
    String value();
}
