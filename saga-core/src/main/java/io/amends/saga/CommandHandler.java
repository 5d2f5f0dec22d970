package io.amends.saga;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Handles one command type: the method takes the command and returns a reply of its contract. It runs in the
 * participant's transaction, behind the inbox and the barrier, at most once with effect. Returning a
 * {@link Rejection} rolls back what it wrote; throwing means a technical error, after which it runs again.
 *
 * <p>A method that takes the command and a {@link ReplyToken} and returns {@link Deferred} may answer later.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface CommandHandler {

    /**
     * Exceptions, with their subclasses, after which running the handler again is useless: the command is answered with an
     * error at once, and the saga does not send it again.
     */
    Class<? extends Throwable>[] notAfter() default {};
}
