package io.amends.saga;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares the compensation of a step. The method returns what a {@link SagaStep} method may return. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Compensation {

    /** The name of the step that is compensated. */
    String of();

    /** The participant of a compensation that returns a bare {@link Command}; empty for the step's own. */
    String participant() default "";

    /** The saga that undoes the completed child of a step that returns a {@link SubSaga}; empty for any other step. */
    String saga() default "";

    /** How long a reply may take before the command is sent again; empty for the default. */
    String timeout() default "";

    /** How the compensation is tried again; once its attempts are spent, the saga is {@code STUCK}. */
    Retry retry() default @Retry;
}
