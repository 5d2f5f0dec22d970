package io.amends.saga.engine;

import io.amends.saga.definition.SagaDefinition;

/**
 * What decides; {@link SagaEngine#decide} in production. A seam for tests that must be able to break the engine, to see
 * that they would notice.
 */
@FunctionalInterface
public interface Engine {

    /** The decision for that event in that state at that moment; pure and total. */
    Decision decide(SagaDefinition definition, SagaState state, SagaEvent event, Moment moment);
}
