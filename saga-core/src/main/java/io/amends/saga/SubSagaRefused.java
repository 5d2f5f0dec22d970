package io.amends.saga;

/**
 * The child, or the saga that was to undo it, was not started.
 *
 * @param saga its name
 * @param key its business key
 * @param reason why, in words
 */
public record SubSagaRefused(String saga, String key, String reason) implements SubSagaReply, Rejection {}
