package io.amends.saga.engine;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.SagaEvent.Admitted;
import io.amends.saga.engine.SagaEvent.LocalStepRan;
import io.amends.saga.engine.SagaEvent.LocalStepThrew;
import io.amends.saga.engine.SagaEvent.ReplyReceived;
import io.amends.saga.engine.SagaEvent.SignalReceived;
import io.amends.saga.engine.SagaEvent.Started;
import io.amends.saga.engine.SagaEvent.TimeCame;
import io.amends.saga.engine.SagaEvent.Verb;

/**
 * Decides what an event means for an instance. A pure, total, deterministic function: the same arguments give the same
 * decision, and no event makes it throw. Which events count is said by {@link Answers}, {@link Timers} and
 * {@link Verbs}; {@link Course} moves an instance on.
 */
public final class SagaEngine {

    private SagaEngine() {}

    /** The decision for that event in that state at that moment. */
    public static Decision decide(SagaDefinition definition, SagaState state, SagaEvent event, Moment moment) {
        Course course = Course.of(definition, state, moment);
        if (event instanceof Started) {
            return state.steps().isEmpty() && state.phase() == SagaPhase.RUNNING
                    ? course.start()
                    : Decision.unchanged(state, Disposition.DUPLICATE);
        }
        if (event instanceof ReplyReceived reply) {
            return new Answers(definition, state, course).onReply(reply);
        }
        if (event instanceof LocalStepRan ran) {
            return new Answers(definition, state, course).onLocalStepRan(ran);
        }
        if (event instanceof LocalStepThrew threw) {
            return new Answers(definition, state, course).onLocalStepThrew(threw);
        }
        if (event instanceof SignalReceived signal) {
            return new Answers(definition, state, course).onSignal(signal);
        }
        if (event instanceof Admitted admitted) {
            return new Timers(definition, state, course, moment.now()).onAdmitted(admitted);
        }
        return event instanceof TimeCame
                ? new Timers(definition, state, course, moment.now()).onTimeCame()
                : new Verbs(definition, state, course, moment.now()).on((Verb) event);
    }
}
