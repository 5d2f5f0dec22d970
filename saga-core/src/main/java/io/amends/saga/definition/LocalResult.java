package io.amends.saga.definition;

import io.amends.saga.Reply;
import org.jspecify.annotations.Nullable;

/**
 * What a local step came to.
 *
 * @param data the saga's data afterwards
 * @param reply what the step answered, null for plain success
 */
public record LocalResult(Object data, @Nullable Reply reply) {}
