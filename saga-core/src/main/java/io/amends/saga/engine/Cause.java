package io.amends.saga.engine;

/**
 * Why an instance turned back. It stays, whatever else goes wrong on the way.
 *
 * @param code what kind of cause it is
 * @param text the same in words
 */
public record Cause(ReasonCode code, String text) {}
