package io.amends.saga;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link CommandHandler} answers that may not know its reply yet, because a human or another system has to
 * decide. Its method takes the command and a {@link ReplyToken}, keeps the token, and returns {@link #later()}; what it
 * wrote is committed, no reply is sent, and the token answers the command some day, through the application's bean of
 * type {@code DeferredReplies}.
 *
 * <p>Until then the saga's step waits. Its command is sent again after the step's timeout, each sending counts as an
 * attempt, and repeats neither run the handler again nor get an answer. So the step declares how long it may take: a
 * {@code timeout} that fits (hours or days), and what follows once its attempts are spent.
 *
 * <p>A {@link Rejection} that is given later undoes nothing: what the handler wrote was committed long before. It still
 * means a business "no", after which the step is not compensated; so a handler that may be answered so has written
 * nothing that needs undoing, or whoever answers undoes it in the same transaction. A rejection given with
 * {@link #now} undoes the handler's writes like that of any other handler.
 *
 * <p>If the saga turns back while the reply is open, the compensation runs, for the action may have had effects; the
 * token is refused from then on.
 *
 * @param <R> the contract: the replies that the command may get
 */
public final class Deferred<R extends Reply> {

    private final @Nullable R reply;

    private Deferred(@Nullable R reply) {
        this.reply = reply;
    }

    /** The command is answered some day with its token. */
    public static <R extends Reply> Deferred<R> later() {
        return new Deferred<>(null);
    }

    /** The command is answered at once; its token is void. */
    public static <R extends Reply> Deferred<R> now(R reply) {
        return new Deferred<>(Objects.requireNonNull(reply, "reply"));
    }

    /** The reply, empty if it comes later. */
    public Optional<R> reply() {
        return Optional.ofNullable(reply);
    }
}
