package io.amends.dashboard.access;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which permission a route of the console needs. A route has this or {@link OpenToAll}; one that has neither keeps the
 * application from starting.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Requires {

    /** The permission. */
    ConsolePermission value();
}
