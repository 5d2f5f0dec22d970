package io.amends.spring.boot.autoconfigure.observability;

import io.amends.spring.boot.autoconfigure.DocumentedMeter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The meters of sagas. Counters and timers are of this process, and count what has committed, unless their sentence says
 * otherwise. Gauges that are asked of the database are the same in each process of a service: take their maximum.
 */
public enum SagaMeter implements DocumentedMeter {
    /** Counter. */
    STARTED("saga.started", Kind.COUNTER, Units.NONE, "sagas that were started", "saga"),
    /** Timer. */
    ENDED(
            "saga.ended",
            Kind.TIMER,
            Units.SECONDS,
            "sagas that ended, and how long they took from their start; `outcome` is `completed` or `compensated`",
            "saga",
            "outcome"),
    /** Counter. */
    TURNED_BACK(
            "saga.turned.back",
            Kind.COUNTER,
            Units.NONE,
            "sagas that turned back and compensate; `reason` is the reason code",
            "saga",
            "reason"),
    /** Counter. */
    GOT_STUCK(
            "saga.got.stuck",
            Kind.COUNTER,
            Units.NONE,
            "how often a saga got into phase `STUCK`; `reason` is the reason code",
            "saga",
            "reason"),
    /** Timer. */
    STEP(
            "saga.step",
            Kind.TIMER,
            Units.SECONDS,
            "actions and compensations that are open no longer, and how long they took since they were asked for first; `outcome` is `success`, `rejection`, or `error` if it was given up",
            "saga",
            "step",
            "kind",
            "outcome"),
    /** Counter. */
    RETRIES(
            "saga.step.retries",
            Kind.COUNTER,
            Units.NONE,
            "how often an action or compensation was tried once more",
            "saga",
            "step",
            "kind"),
    /** Counter. */
    REPLIES(
            "saga.replies.taken",
            Kind.COUNTER,
            Units.NONE,
            "replies by what became of them: `accepted`, `duplicate`, `late` and so on; a poll that was repeated counts again",
            "disposition"),
    /** Counter. */
    REPEATS(
            "saga.commands.repeated",
            Kind.COUNTER,
            Units.NONE,
            "commands that a participant of this process recognised as repeats",
            "participant"),
    /** Timer, by observation. */
    START(
            "saga.start",
            Kind.TIMER,
            Units.SECONDS,
            "calls that start a saga; `outcome` is `started`, `known` if the key was taken by the same saga, or `error`",
            "saga",
            "outcome",
            "error"),
    /** Timer, by observation. */
    COMMAND(
            "saga.command",
            Kind.TIMER,
            Units.SECONDS,
            "runs of command handlers, before their transaction commits; `outcome` is `success`, `rejection`, `later`, `again` or `error`",
            "participant",
            "command",
            "kind",
            "outcome",
            "error"),
    /** Timer, by observation. */
    REPLY(
            "saga.reply",
            Kind.TIMER,
            Units.SECONDS,
            "replies that were decided on, before their transaction commits; `outcome` is as `disposition` above",
            "saga",
            "kind",
            "outcome",
            "error"),
    /** Counter. */
    RETENTION(
            "saga.retention.removed",
            Kind.COUNTER,
            Units.NONE,
            "what this process removed because it was kept for long enough; `what` is `sagas`, `commands` (rows of participants) or `lock-releases`",
            "what"),
    /** Gauge of the database. */
    OPEN(
            "saga.open",
            Kind.GAUGE,
            Units.NONE,
            "sagas that have not ended, by `phase`: `running`, `compensating`, `stuck`; of very many the oldest 50,000 are counted",
            "saga",
            "phase"),
    /** Gauge of the database. */
    STUCK(
            "saga.stuck",
            Kind.GAUGE,
            Units.NONE,
            "stuck sagas; `reason` is the code of a runbook. Without saga-dashboard on the class path those of phase `STUCK` only",
            "reason"),
    /** Gauge of the database. */
    STUCK_OLDEST(
            "saga.stuck.oldest",
            Kind.GAUGE,
            Units.SECONDS,
            "seconds that the first of them has been stuck, 0 if there is none; without saga-dashboard, that it has not changed",
            "reason"),
    /** Gauge of the database. */
    TIMERS_OVERDUE(
            "saga.timers.overdue",
            Kind.GAUGE,
            Units.SECONDS,
            "seconds that the timer that is due longest has been due; a second or less while all is well"),
    /** Gauge of the database. */
    QUARANTINED("saga.quarantined", Kind.GAUGE, Units.NONE, "messages in `saga_inbox_quarantine`"),
    /** Gauge of the database. */
    SET_ASIDE(
            "saga.set.aside",
            Kind.GAUGE,
            Units.NONE,
            "those of them that wait for an operator; `reason` is `LATE_MESSAGE` or `QUARANTINED_MESSAGE`. Those that a handler threw at are not among them: their sagas were answered",
            "reason"),
    /** Gauge of the database. */
    SET_ASIDE_OLDEST(
            "saga.set.aside.oldest",
            Kind.GAUGE,
            Units.SECONDS,
            "seconds that the first of them has been there, 0 if there is none",
            "reason"),
    /** Counter. */
    REFUSED(
            "saga.messages.refused",
            Kind.COUNTER,
            Units.NONE,
            "messages that were quarantined because of a signature or an encryption; `reason` is the quarantine's code; one that comes again counts again",
            "reason"),
    /** Counter. */
    UNSIGNED(
            "saga.messages.unsigned",
            Kind.COUNTER,
            Units.NONE,
            "messages without a signature that were taken; while it grows, signatures can't be required yet"),
    /** Gauge of the database. */
    COMMANDS_WAITING(
            "saga.commands.waiting",
            Kind.GAUGE,
            Units.NONE,
            "commands that wait for another attempt or for a semantic lock"),
    /** Gauge of the database. */
    BREAKER(
            "saga.participant.breaker",
            Kind.GAUGE,
            Units.NONE,
            "of a participant that has or had trouble: 0 works, 1 is probed, 2 is asked no further",
            "participant"),
    /** Gauge of the database. */
    HELD("saga.participant.held", Kind.GAUGE, Units.NONE, "1 while an operator holds the participant", "participant"),
    /** Gauge of the database. */
    PARTICIPANT_WAITING(
            "saga.participant.waiting", Kind.GAUGE, Units.NONE, "steps that wait for the participant", "participant");

    private final String meterName;
    private final Kind kind;
    private final @Nullable String unit;
    /** With commas between them. */
    private final String tags;

    private final String sentence;

    SagaMeter(String meterName, Kind kind, @Nullable String unit, String sentence, String... tags) {
        this.meterName = meterName;
        this.kind = kind;
        this.unit = unit;
        this.sentence = sentence;
        this.tags = String.join(",", tags);
    }

    @Override
    public String meterName() {
        return meterName;
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public @Nullable String unit() {
        return unit;
    }

    @Override
    public List<String> tags() {
        return tags.isEmpty() ? List.of() : List.of(tags.split(",", -1));
    }

    @Override
    public String sentence() {
        return sentence;
    }
}
