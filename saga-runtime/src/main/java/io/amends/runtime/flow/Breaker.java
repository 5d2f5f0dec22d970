package io.amends.runtime.flow;

import io.amends.runtime.flow.FlowSettings.Breaking;
import io.amends.runtime.flow.ParticipantFlow.State;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a participant is taken to work: the circuit breaker of Michael Nygard's "Release It!". Immutable and pure; the
 * times are of the database's clock.
 *
 * @param state what it is taken for
 * @param failures failures without an answer since, while it is closed
 * @param pause how long the pause is, or was, or zero if there was none
 * @param since since when it is in that state
 * @param until while open, when probes may go; while half open, by when an answer is awaited; else null
 */
record Breaker(
        State state,
        int failures,
        Duration pause,
        Instant since,
        @Nullable Instant until) {

    static Breaker closed(Instant now) {
        return new Breaker(State.CLOSED, 0, Duration.ZERO, now, null);
    }

    /**
     * What was heard of the participant since the last time.
     *
     * @param answered whether it gave an answer
     * @param more how often it failed, after its last answer if it gave one
     */
    Breaker heard(boolean answered, int more, Instant now, Breaking settings) {
        Breaker next = !answered || (state == State.CLOSED && failures == 0)
                ? this
                : new Breaker(State.CLOSED, 0, Duration.ZERO, state == State.CLOSED ? since : now, null);
        return more == 0 ? next : next.failed(more, now, settings);
    }

    private Breaker failed(int more, Instant now, Breaking settings) {
        int all = failures + more;
        return switch (state) {
            case OPEN -> this;
            case HALF_OPEN -> open(all, longer(settings), now);
            case CLOSED ->
                all >= settings.failures()
                        ? open(all, settings.pause(), now)
                        : new Breaker(state, all, pause, since, null);
        };
    }

    /**
     * What time alone changes.
     *
     * @param isWaitedFor whether somebody is there that could probe; without, an open breaker stays open
     */
    Breaker at(Instant now, boolean isWaitedFor, Breaking settings) {
        if (until == null || until.isAfter(now)) {
            return this;
        }
        return switch (state) {
            case CLOSED -> this;
            case OPEN ->
                isWaitedFor
                        ? new Breaker(State.HALF_OPEN, failures, pause, now, now.plus(settings.probeTimeout()))
                        : this;
            case HALF_OPEN -> open(failures, longer(settings), now);
        };
    }

    private Duration longer(Breaking settings) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(settings.pauseMax()) > 0 ? settings.pauseMax() : twice;
    }

    private static Breaker open(int failures, Duration pause, Instant now) {
        return new Breaker(State.OPEN, failures, pause, now, now.plus(pause));
    }
}
