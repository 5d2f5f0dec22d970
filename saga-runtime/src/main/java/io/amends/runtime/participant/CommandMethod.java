package io.amends.runtime.participant;

import io.amends.runtime.wire.MalformedMessageException;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.PayloadException;
import io.amends.runtime.wire.SagaMessage;
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
 * @param reader makes the command of its message
 * @param handler carries the command out; what it throws is a technical error
 */
public record CommandMethod(
        String type,
        Class<? extends Command<?>> commandType,
        boolean rejectable,
        Predicate<Throwable> permanent,
        Reader reader,
        Handler handler) {

    /** One whose payload is the whole command. */
    public CommandMethod(
            String type,
            Class<? extends Command<?>> commandType,
            boolean rejectable,
            Predicate<Throwable> permanent,
            Handler handler) {
        this(
                type,
                commandType,
                rejectable,
                permanent,
                (message, codec) -> codec.decode(message.payload(), commandType),
                handler);
    }

    /** Reads commands. */
    @FunctionalInterface
    public interface Reader {

        /**
         * The command in that message.
         *
         * @throws PayloadException if its payload can't be read
         * @throws MalformedMessageException if anything else about it is wrong
         */
        Command<?> read(SagaMessage message, PayloadCodec codec);
    }

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
