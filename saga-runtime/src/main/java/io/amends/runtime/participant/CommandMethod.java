package io.amends.runtime.participant;

import io.amends.saga.Command;
import io.amends.saga.Reply;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A handler of one command type.
 *
 * @param type the logical type
 * @param commandType the class
 * @param rejectable whether it may answer with a rejection, so that a savepoint must stand before it
 * @param permanent tells exceptions after which running it again is useless
 * @param handle carries the command out; what it throws is a technical error
 */
public record CommandMethod(
        String type,
        Class<? extends Command<?>> commandType,
        boolean rejectable,
        Predicate<Throwable> permanent,
        Function<Command<?>, Reply> handle) {}
