package io.amends.saga;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A value by which instances are found: the method takes the data and returns a string, a number, a {@code UUID}, an enum
 * constant or an {@code Optional} of one of them; null and empty mean none. It is stored as text, indexed, when the
 * instance starts and whenever its data changes, so it must be a pure function of the data and must not change it. At
 * most ten of a saga, at most 200 characters each. Adding, changing or removing one needs no new version: an instance has
 * the new values once its data changes.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SearchAttribute {

    /** Its name: lower case letters, digits and hyphens. */
    String value();
}
