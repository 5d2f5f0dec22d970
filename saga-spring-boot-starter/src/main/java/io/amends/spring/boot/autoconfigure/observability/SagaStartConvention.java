package io.amends.spring.boot.autoconfigure.observability;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** How {@link SagaObservation#START} is named and tagged, unless the application says otherwise. */
public class SagaStartConvention implements ObservationConvention<SagaStartContext> {

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof SagaStartContext;
    }

    @Override
    public String getName() {
        return SagaMeter.START.meterName();
    }

    @Override
    public String getContextualName(SagaStartContext context) {
        return "start " + context.saga();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(SagaStartContext context) {
        return KeyValues.of(
                SagaObservation.Key.SAGA.withValue(context.saga()),
                SagaObservation.Key.OUTCOME.withValue(context.outcome()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(SagaStartContext context) {
        return KeyValues.of(SagaObservation.Key.VERSION.withValue(Integer.toString(context.version())));
    }
}
