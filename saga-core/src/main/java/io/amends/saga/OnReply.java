package io.amends.saga;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Takes a reply into the saga's data: the method's parameters are the data and a reply type, it returns the new data
 * (or {@code void} where the data is mutable). It runs for each reply that is an instance of the declared type.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnReply {

    /** The name of the step that was answered. */
    String to();
}
