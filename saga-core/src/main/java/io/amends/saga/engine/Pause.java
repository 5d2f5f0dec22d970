package io.amends.saga.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An operator's hold on an instance: replies are still taken, but nothing new begins.
 *
 * @param reason why
 * @param until when it ends by itself, null for never
 */
public record Pause(String reason, @Nullable Instant until) {}
