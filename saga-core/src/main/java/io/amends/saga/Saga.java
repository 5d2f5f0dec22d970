package io.amends.saga;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a saga: the class holds its steps ({@link SagaStep}), compensations ({@link Compensation}) and reply
 * handlers ({@link OnReply}) as methods that take the saga's data. Methods of remote steps must be pure: they may run
 * again when a lost race is decided anew.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Saga {

    /** The logical name: lower case letters, digits and hyphens. It names the reply topic. */
    String name();

    /** The version; an instance finishes on the version it started with, unless an operator moves it. At least 1. */
    int version() default 1;

    /**
     * The time that an instance may take before the saga's deadline policy applies, as in {@code "10m"}, {@code "30s"}
     * or {@code "PT10M"}; empty for none.
     */
    String deadline() default "";

    /** What follows when an instance is not done by its deadline. */
    Escalation onDeadline() default Escalation.COMPENSATE;

    /**
     * Whether steps of other sagas may start it, as a {@link SubSaga}: it then listens to
     * {@code saga.<name>.commands}. Taken away while instances run that were started so, it leaves their parents waiting.
     */
    boolean subSaga() default false;
}
