package io.amends.spring.boot.autoconfigure.observability;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;

/** Adds to spans of sagas a link to the saga's page in the console. Safe for use by many threads. */
final class SagaLinks implements ObservationFilter {

    private final String console;

    /** @param console where people reach the console, without a slash at its end */
    SagaLinks(String console) {
        this.console = console;
    }

    @Override
    public Observation.Context map(Observation.Context context) {
        return context instanceof SagaMessageContext about
                ? context.addHighCardinalityKeyValue(SagaObservation.Key.LINK.withValue(
                        console + "/sagas/" + about.message().sagaId()))
                : context;
    }
}
