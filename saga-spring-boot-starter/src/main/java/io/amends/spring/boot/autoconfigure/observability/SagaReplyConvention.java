package io.amends.spring.boot.autoconfigure.observability;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** How {@link SagaObservation#REPLY} is named and tagged, unless the application says otherwise. */
public class SagaReplyConvention implements ObservationConvention<SagaReplyContext> {

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof SagaReplyContext;
    }

    @Override
    public String getName() {
        return SagaMeter.REPLY.meterName();
    }

    @Override
    public String getContextualName(SagaReplyContext context) {
        return "reply to " + context.message().step();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(SagaReplyContext context) {
        return KeyValues.of(
                SagaObservation.Key.SAGA.withValue(context.saga()),
                SagaObservation.Key.KIND.withValue(context.message().kind().wireName()),
                SagaObservation.Key.OUTCOME.withValue(context.outcome()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(SagaReplyContext context) {
        return context.ofMessage();
    }
}
