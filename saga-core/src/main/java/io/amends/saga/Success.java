package io.amends.saga;

/** The participant did what was asked. */
public interface Success extends Reply {}
