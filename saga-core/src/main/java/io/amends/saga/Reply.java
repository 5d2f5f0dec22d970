package io.amends.saga;

/** A participant's answer to a {@link Command}; its type carries the outcome. */
public interface Reply {}
