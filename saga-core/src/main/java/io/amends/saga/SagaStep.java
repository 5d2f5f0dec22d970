package io.amends.saga;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a step. The method takes the saga's data and returns one of
 * <ul>
 *   <li>an {@link AddressedCommand}: sent to the participant that it names;</li>
 *   <li>a {@link Command}: sent to {@link #participant()};</li>
 *   <li>an {@code Optional} of either: an empty one skips the step;</li>
 *   <li>a {@link SubSaga}, or an {@code Optional} of it: starts the saga that {@link #saga()} names and waits for its
 *       end;</li>
 *   <li>a {@link Signal}, or an {@code Optional} of it: waits for somebody's word;</li>
 *   <li>{@code void}, the data, or a {@link Reply}: a local step, run in the orchestrator's transaction.</li>
 * </ul>
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SagaStep {

    /** Where the step stands; steps of the same order run in parallel and join. */
    int order();

    /** The step's name, unique in the saga: lower case letters, digits and hyphens. Running instances store it. */
    String name();

    /** Whether the step can be compensated, decides the saga, or must succeed in the end. */
    StepKind kind() default StepKind.COMPENSATABLE;

    /** The participant of a step that returns a bare {@link Command}; empty where the command carries its address. */
    String participant() default "";

    /** The saga that is started by a step that returns a {@link SubSaga}; empty for any other step. */
    String saga() default "";

    /**
     * How long a reply may take before the command is sent again, as in {@code "30s"}; empty for the default. Of a step
     * that waits for a signal: how long it waits before {@link #onExhausted()} applies; empty for ever.
     */
    String timeout() default "";

    /** How the step is tried again. */
    Retry retry() default @Retry;

    /** What follows once the attempts are spent. */
    Escalation onExhausted() default Escalation.COMPENSATE;

    /** Of a step that waits for a signal: by when an answer is expected; later ones are shown as overdue. */
    String sla() default "";
}
