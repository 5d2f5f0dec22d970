package io.amends.saga.definition;

import io.amends.saga.Reply;
import java.util.function.BiFunction;

/**
 * Takes replies of one type into the saga's data.
 *
 * @param replyType the declared type: a class, or an interface that several replies share
 * @param apply from data and reply to the new data. Pure: it may run again.
 */
public record ReplyHandler(Class<? extends Reply> replyType, BiFunction<Object, Reply, Object> apply) {}
