package io.amends.spring.boot.autoconfigure.observability;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** How {@link SagaObservation#COMMAND} is named and tagged, unless the application says otherwise. */
public class SagaCommandConvention implements ObservationConvention<SagaCommandContext> {

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof SagaCommandContext;
    }

    @Override
    public String getName() {
        return SagaMeter.COMMAND.meterName();
    }

    @Override
    public String getContextualName(SagaCommandContext context) {
        return "handle " + context.message().type();
    }

    /** The type is one that the participant has a handler for; saga and step are whatever the message says. */
    @Override
    public KeyValues getLowCardinalityKeyValues(SagaCommandContext context) {
        return KeyValues.of(
                SagaObservation.Key.PARTICIPANT.withValue(context.participant()),
                SagaObservation.Key.COMMAND.withValue(context.message().type()),
                SagaObservation.Key.KIND.withValue(context.message().kind().wireName()),
                SagaObservation.Key.OUTCOME.withValue(context.outcome()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(SagaCommandContext context) {
        return context.ofMessage();
    }
}
