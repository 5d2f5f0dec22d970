package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.flow.FlowSettings;
import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import io.amends.spring.boot.autoconfigure.OutboxProperties;
import io.amends.spring.boot.autoconfigure.PropertyProblems;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of sagas, beside those of {@link OutboxProperties}. Immutable; values that can't work are refused all at once, see
 * {@link InvalidSagaPropertiesException}.
 *
 * @param orchestrator Replies to this service's sagas.
 * @param participant Commands to this service's participants.
 * @param history What is kept of each saga's way.
 * @param flow What keeps trouble small: commands are held while a participant is down or full, starts are slowed or refused.
 */
@ConfigurationProperties(OutboxProperties.PREFIX)
public record SagaProperties(
        @DefaultValue Orchestrator orchestrator,
        @DefaultValue Participant participant,
        @DefaultValue History history,
        @DefaultValue Flow flow) {

    private static final Duration ONE_MILLISECOND = Duration.ofMillis(1);
    private static final int MAX_CONCURRENCY = 256;
    private static final int MAX_POLL_RECORDS = 10_000;

    /**
     * Checks the values together.
     *
     * @throws InvalidSagaPropertiesException if any can't work; it lists all of them
     */
    public SagaProperties {
        PropertyProblems problems = new PropertyProblems();
        problems.within("saga.orchestrator.concurrency", orchestrator.concurrency(), 1, MAX_CONCURRENCY);
        problems.within("saga.orchestrator.max-poll-records", orchestrator.maxPollRecords(), 1, MAX_POLL_RECORDS);
        problems.atLeast("saga.orchestrator.timer-interval", orchestrator.timerInterval(), ONE_MILLISECOND);
        problems.within("saga.participant.concurrency", participant.concurrency(), 1, MAX_CONCURRENCY);
        problems.within("saga.participant.max-poll-records", participant.maxPollRecords(), 1, MAX_POLL_RECORDS);
        problems.within("saga.participant.redelivery-attempts", participant.redeliveryAttempts(), 1, 1000);
        problems.notNegative("saga.participant.redelivery-backoff", participant.redeliveryBackoff());
        problems.ordered(
                "saga.participant.redelivery-backoff",
                participant.redeliveryBackoff(),
                "saga.participant.redelivery-backoff-max",
                participant.redeliveryBackoffMax());
        if (!participant.lockTimeout().isZero()) {
            problems.atLeast("saga.participant.lock-timeout", participant.lockTimeout(), ONE_MILLISECOND);
        }
        flow.check(problems);
        problems.throwIfAny();
    }

    /**
     * Replies to this service's sagas.
     *
     * @param enabled Whether this process moves its sagas on. Without it sagas can be started and looked at, and another
     *     process of the service reads the replies.
     * @param concurrency Threads that read replies; more than the reply topics have partitions stay idle.
     * @param maxPollRecords Most replies that are processed in one transaction.
     * @param timerInterval How often sagas are looked for that time alone moves: overdue replies, attempts that are due,
     *     deadlines.
     */
    public record Orchestrator(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("1") int concurrency,
            @DefaultValue("500") int maxPollRecords,
            @DefaultValue("500ms") Duration timerInterval) {}

    /**
     * Commands to this service's participants.
     *
     * @param enabled Whether this process handles commands.
     * @param concurrency Threads that read commands, for each participant; more than the command topic has partitions
     *     stay idle.
     * @param maxPollRecords Most commands that are handled in one transaction.
     * @param redeliveryAttempts How many times a command whose handler throws is tried before it is set aside and
     *     answered with an error.
     * @param redeliveryBackoff Longest pause before the second attempt; doubles with each further one. The actual pause is
     *     random below it, so that commands that failed together do not come back together.
     * @param redeliveryBackoffMax Longest pause between two attempts.
     * @param lockTimeout How long a command waits for a row that another transaction has locked before it is set aside and
     *     tried again about every second, without using up an attempt; zero for as long as it takes. A lock_timeout of the
     *     connection goes before.
     * @param tellErrors Whether the answer to a command whose handler threw until the attempts were spent tells the saga's
     *     service class and message of the exception, cut short, and the methods that it came from. Switch it off where messages
     *     of exceptions may hold secrets that the other service must not see.
     */
    public record Participant(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("1") int concurrency,
            @DefaultValue("500") int maxPollRecords,
            @DefaultValue("5") int redeliveryAttempts,
            @DefaultValue("200ms") Duration redeliveryBackoff,
            @DefaultValue("30s") Duration redeliveryBackoffMax,
            @DefaultValue("1s") Duration lockTimeout,
            @DefaultValue("true") boolean tellErrors) {}

    /**
     * What is kept of each saga's way.
     *
     * @param keepData Whether each line of the history that changes a saga's data keeps the data as it is then, so that an
     *     operator sees what each event made of it. The tables grow by that much.
     */
    public record History(@DefaultValue("false") boolean keepData) {}

    /**
     * What keeps trouble small. All of it but the interval can be changed at run time, see the bean "SagaFlow".
     *
     * @param interval How often this process looks at what is shared; everything here is about that late.
     * @param breaker When commands for a participant are held because it gives no answers.
     * @param slowAfter Age of the oldest unpublished message from which on a start waits, but not in a transaction of the
     *     caller's. None by default.
     * @param refuseAfter Age of the oldest unpublished message from which on a start is refused. None by default.
     * @param startWait How long a start waits at most, when it is slowed or its saga's limit is reached.
     * @param sagaLimits How many instances of a saga may run or compensate at once, by the saga's name. None by default.
     * @param participantLimits How many actions may be open at a participant at once, by its name. None by default.
     */
    public record Flow(
            @DefaultValue("1s") Duration interval,
            @DefaultValue Breaker breaker,
            @Nullable Duration slowAfter,
            @Nullable Duration refuseAfter,
            @DefaultValue("1s") Duration startWait,
            @DefaultValue Map<String, Integer> sagaLimits,
            @DefaultValue Map<String, Integer> participantLimits) {

        private static final Duration MIN_INTERVAL = Duration.ofMillis(10);

        private void check(PropertyProblems problems) {
            problems.atLeast("saga.flow.interval", interval, MIN_INTERVAL);
            problems.within("saga.flow.breaker.failures", breaker.failures(), 1, 1_000_000);
            problems.within("saga.flow.breaker.probes", breaker.probes(), 1, 1_000);
            problems.notNegative("saga.flow.breaker.pause", breaker.pause());
            problems.ordered(
                    "saga.flow.breaker.pause", breaker.pause(), "saga.flow.breaker.pause-max", breaker.pauseMax());
            problems.notNegative("saga.flow.breaker.probe-timeout", breaker.probeTimeout());
            if (slowAfter != null) {
                problems.notNegative("saga.flow.slow-after", slowAfter);
            }
            if (refuseAfter != null) {
                problems.notNegative("saga.flow.refuse-after", refuseAfter);
            }
            if (slowAfter != null && refuseAfter != null) {
                problems.ordered("saga.flow.slow-after", slowAfter, "saga.flow.refuse-after", refuseAfter);
            }
            problems.notNegative("saga.flow.start-wait", startWait);
            sagaLimits.forEach(
                    (saga, limit) -> problems.within("saga.flow.saga-limits." + saga, limit, 1, Integer.MAX_VALUE));
            participantLimits.forEach((participant, limit) ->
                    problems.within("saga.flow.participant-limits." + participant, limit, 1, Integer.MAX_VALUE));
        }

        /** The same as the flow control takes it. */
        public FlowSettings settings() {
            return new FlowSettings(
                    new FlowSettings.Breaking(
                            breaker.enabled(),
                            breaker.failures(),
                            breaker.pause(),
                            breaker.pauseMax(),
                            breaker.probes(),
                            breaker.probeTimeout()),
                    new FlowSettings.Starting(slowAfter, refuseAfter, startWait),
                    sagaLimits,
                    participantLimits);
        }
    }

    /**
     * When commands for a participant are held because it gives no answers.
     *
     * @param enabled Whether actions for a participant that gives no answers wait. An operator may hold a participant
     *     nevertheless.
     * @param failures How many missing replies and technical errors, without an answer in between, hold a participant.
     * @param pause How long everything is held before a few commands are let through as probes.
     * @param pauseMax Longest such pause; it doubles each time when probes are not answered.
     * @param probes How many sagas send a command to a held participant, to find out whether it answers again.
     * @param probeTimeout How long an answer to the probes is awaited.
     */
    public record Breaker(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("20") int failures,
            @DefaultValue("5s") Duration pause,
            @DefaultValue("1m") Duration pauseMax,
            @DefaultValue("3") int probes,
            @DefaultValue("30s") Duration probeTimeout) {}
}
