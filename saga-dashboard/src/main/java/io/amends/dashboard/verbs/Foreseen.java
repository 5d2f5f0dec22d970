package io.amends.dashboard.verbs;

import io.amends.runtime.SagaOperations.Result;
import java.util.UUID;

/**
 * What would come of an order, without giving it.
 *
 * @param sagaId of which saga
 * @param key its business key, empty if there is no such saga
 * @param result what the order would get
 * @param text what would follow, or why it would be refused
 */
public record Foreseen(UUID sagaId, String key, Result result, String text) {}
