package io.amends.dashboard.access;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A route of the console that is also for who sees the sagas of some tenants only. It keeps to them itself. Any other route
 * is refused to them, so that one of which nobody thought shows nothing of other tenants.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ForTenants {

    /** How it keeps to the caller's tenants, or why it needs not to. */
    String value();
}
