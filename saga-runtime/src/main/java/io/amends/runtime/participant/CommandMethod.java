package io.amends.runtime.participant;

import io.amends.saga.Command;
import io.amends.saga.Deferred;
import io.amends.saga.ReplyToken;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A handler of one command type.
 *
 * @param type the logical type
 * @param commandType the class
 * @param rejectable whether it may answer with a rejection, after which what it wrote is undone
 * @param permanent tells exceptions after which running it again is useless
 * @param handler carries the command out; what it throws is a technical error
 */
public record CommandMethod(
        String type,
        Class<? extends Command<?>> commandType,
        boolean rejectable,
        Predicate<Throwable> permanent,
        Handler handler) {

    /** Carries commands out. */
    @FunctionalInterface
    public interface Handler {

        /**
         * The reply to a command, or that it comes later.
         *
         * @param token the token that answers it then; whoever defers has asked for it
         */
        Deferred<?> handle(Command<?> command, Supplier<ReplyToken> token);
    }
}
