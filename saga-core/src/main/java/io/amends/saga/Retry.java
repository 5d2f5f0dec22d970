package io.amends.saga;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How a step or a compensation is tried again after a technical error, and when that ends. Waits grow exponentially up
 * to a cap; by default each is drawn evenly between nothing and that length ("full jitter"), so that many instances
 * that fail at one moment do not come back at one moment. A missing reply is no error: the command is sent again after
 * the step's timeout, and counts as an attempt. Values that are left out are those of
 * {@link io.amends.saga.definition.RetryPolicy#DEFAULT}.
 */
@Documented
@Target({})
@Retention(RetentionPolicy.RUNTIME)
public @interface Retry {

    /** How often the command is sent at most; 0 for the default. */
    int attempts() default 0;

    /** The wait after the first error, as in {@code "500ms"}. */
    String backoff() default "";

    /** The longest wait, as in {@code "1m"}. */
    String backoffMax() default "";

    /** By what each wait is longer than the one before; 0 for the default. */
    double multiplier() default 0;

    /** Whether waits are drawn by chance. */
    boolean jitter() default true;

    /** How long all attempts may take together, counted from the first; empty for no limit. */
    String within() default "";

    /** Of a local step: exceptions after which it is not run again, with their subclasses. */
    Class<? extends Throwable>[] notAfter() default {};
}
