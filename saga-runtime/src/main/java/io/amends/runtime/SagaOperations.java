package io.amends.runtime;

import io.amends.saga.Reply;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.SagaPhase;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may do to an instance. Each call is one transaction, goes through the same engine as every reply, and
 * leaves a line in the instance's history and one in {@code saga_audit} saying who asked for what and why, also when it
 * was not done. Safe for use by many threads.
 */
public interface SagaOperations {

    /**
     * Who asks, and for what they saw.
     *
     * @param operator who
     * @param reason why, for those who come later
     * @param seenRevision the {@link SagaSnapshot#revision} that the operator looked at, null to act on whatever the
     *     instance is now
     */
    record Order(String operator, String reason, @Nullable Long seenRevision) {

        /** An order without a reason or an operator could not be accounted for. */
        public Order {
            if (operator.isBlank() || reason.isBlank()) {
                throw new IllegalArgumentException("An order names its operator and its reason.");
            }
        }
    }

    /** What came of an order. */
    enum Result {
        /** It was carried out. */
        DONE,
        /** It is not possible as the instance stands; nothing was changed. */
        NOT_ALLOWED,
        /** The step's own {@code @OnReply} method threw at that result; nothing was changed, {@code saga_audit} says why. */
        RESULT_NOT_TAKEN,
        /** The instance changed since the operator looked at it; nothing was changed. Look again. */
        CHANGED_SINCE,
        /** There is no such instance. */
        NOT_FOUND,
        /** This process does not have the definition's version; nothing was changed. */
        NO_HANDLER_VERSION
    }

    /**
     * Tries again now what is open, failed or could not be begun; attempts are counted anew. What a participant rejected is
     * asked anew; what it did is never done twice.
     */
    Result retry(UUID sagaId, Order order);

    /**
     * Puts other data in the place of that of a saga that is stuck, and tries again as {@link #retry} does: commands are made of the
     * new data and keep their keys. So what a participant has done with the former data it does not do again, it repeats its answer.
     *
     * @param data the whole of it; if it is not of the definition's type, the order is not allowed
     */
    Result editAndRetry(UUID sagaId, Object data, Order order);

    /**
     * Goes on from a step of a saga that is stuck and has not turned back: the step is asked again, whatever came of it, and
     * what was skipped or rejected behind it is looked at again. What a participant did it does not do twice, it repeats its
     * answer. Not possible for a local step that is done, for a step that has not begun, and for one before the point of
     * no return if what follows it has begun.
     */
    Result resumeFrom(UUID sagaId, String step, Order order);

    /**
     * Takes up again what {@link #resolve} ended, where it stood; what was due meanwhile comes at once. Not possible for what
     * has ended by itself, and for a saga that steps of others may start, since its end was told to them.
     */
    Result reopen(UUID sagaId, Order order);

    /**
     * Takes a step as done, or its compensation as done elsewhere, and goes on.
     *
     * @param result taken into the data like the step's reply, null for none
     */
    Result skip(UUID sagaId, String step, CommandKind kind, @Nullable Reply result, Order order);

    /** Turns back: what has, or may have, had an effect is compensated. Not possible once the pivot was asked. */
    Result compensate(UUID sagaId, Order order);

    /**
     * Ends the instance as it is, without a further message or hook.
     *
     * @param as {@link SagaPhase#COMPLETED} or {@link SagaPhase#COMPENSATED}
     */
    Result resolve(UUID sagaId, SagaPhase as, Order order);

    /**
     * Lets nothing new begin; replies are still taken.
     *
     * @param until when it ends by itself, null for never
     */
    Result pause(UUID sagaId, @Nullable Instant until, Order order);

    /** Ends a pause. */
    Result resume(UUID sagaId, Order order);

    /** Moves the deadline, by the database's clock. */
    Result extendDeadline(UUID sagaId, Instant to, Order order);

    /**
     * Moves a saga to another version of its definition, which this process has; the one so far none needs to have. Only if what it
     * did until now means the same there, and its data can be read: what stands in the way is said in {@code saga_audit}. What
     * was stuck for want of a process goes on at once; nothing else is sent or begun by this.
     */
    Result migrate(UUID sagaId, int version, Order order);
}
