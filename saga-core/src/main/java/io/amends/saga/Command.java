package io.amends.saga;

/**
 * A request to a participant.
 *
 * @param <R> the contract: every reply that the participant may give. A sealed interface lists them all, which lets
 *     start-up know whether the command can be rejected.
 */
public interface Command<R extends Reply> {}
