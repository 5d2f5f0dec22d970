package io.amends.saga.engine;

import java.time.Instant;

/**
 * A step whose action waits because its participant takes no commands at the moment. Nothing is due for it by itself: it
 * is sent with {@link SagaEvent.Admitted}. What it waited counts neither as an attempt nor as a missing reply.
 *
 * @param participant who the command is for
 * @param since since when it waits
 */
public record Held(String participant, Instant since) {}
