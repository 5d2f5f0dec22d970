package io.amends.saga;

import java.util.Objects;

/**
 * What a step returns that starts another saga, its child, and waits for its end. The annotation of the step names the
 * child: {@code @SagaStep(order = 2, name = "ship", saga = "shipping")}. The child lives in this service or in another
 * one, and must be declared with {@link Saga#subSaga()}. The reply is a {@link SubSagaReply}: completed is a success,
 * compensated a rejection.
 *
 * <p>The compensation returns a {@code SubSaga} too: the saga that undoes a child that has completed, on the child's
 * service, since an ended saga is never reopened. A child that has not ended yet is told to turn back instead; the
 * undoing saga is started only if the child is past its point of no return and completes nevertheless.
 *
 * <p>The step's command is sent again after its timeout, and each sending counts as an attempt, although the child is
 * started once. So declare a {@code timeout} that fits the child, and what follows once the attempts are spent;
 * {@link Escalation#ALERT_ONLY} waits without end and says so. A child that is stuck keeps its parent waiting.
 *
 * <p>A key names one instance of the child, and that belongs to one step of one parent: whoever names the key of an
 * instance that exists already is refused with {@link SubSagaRefused}. So a saga that starts itself with its own key ends
 * at once; one that starts itself with ever new keys does so without end.
 *
 * @param <D> the type of the child's data, which is written and read like a message
 * @param data the child's first data
 * @param key the child's business key
 */
public record SubSaga<D>(D data, SagaKey key) {

    public SubSaga {
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(key, "key");
    }

    /** The saga with that data and key. */
    public static <D> SubSaga<D> of(D data, SagaKey key) {
        return new SubSaga<>(data, key);
    }
}
