package io.amends.dashboard.verbs;

import io.amends.dashboard.language.Sentence;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.SagaPhase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcOperations;

/** Why an order was not carried out, in words that say what to do. */
final class Refusals {

    private static final int MOST_LINES = 3;

    private static final String SINCE = """
            select h.event, h.step, h.participant, h.detail, to_char(h.at at time zone 'UTC', 'HH24:MI:SS') as at,
                   (select a.operator from saga_audit a
                     where a.saga_id = h.saga_id and a.verb = h.event and a.at >= h.at order by a.at limit 1) as operator
              from saga_history h where h.saga_id = ? and h.event <> 'Sent' order by h.hlc desc limit ?""";

    private Refusals() {}

    static Sentence notFound(UUID sagaId) {
        return Sentence.of(
                "There is no saga %s here. It may have ended and been removed, or be another service's.", sagaId);
    }

    /** Who changed it since the operator looked: what its history says last. */
    static Sentence changedSince(JdbcOperations jdbc, UUID sagaId, long seen, Standing now) {
        long changes = now.revision() - seen;
        if (changes < 0) {
            return Sentence.of(
                    "The order names revision %d, which the saga has not reached: it is at %d. Look again.",
                    seen, now.revision());
        }
        List<Sentence> lines = jdbc.query(SINCE, (row, number) -> line(row), sagaId, Math.min(changes, MOST_LINES));
        return Sentence.of(
                "It changed since you looked: you saw revision %d, it is %s at revision %d now. What happened last: %s (UTC). Look again and decide anew.",
                seen,
                now.phase(),
                now.revision(),
                lines.isEmpty() ? Sentence.of("its history does not say") : Sentence.join("; ", lines));
    }

    private static Sentence line(ResultSet row) throws SQLException {
        String step = row.getString("step");
        String what = row.getString("event");
        Sentence of = step == null ? Sentence.verbatim(what) : Sentence.of("%s of %s", what, step);
        String at = row.getString("at");
        if (row.getString("operator") != null) {
            return Sentence.of("%s by %s at %s", of, row.getString("operator"), at);
        }
        return row.getString("participant") == null
                ? Sentence.of("%s at %s", of, at)
                : Sentence.of("%s from %s at %s", of, row.getString("participant"), at);
    }

    /** What this process would have to have for that verb. */
    static Sentence noVersion(ConsoleVerb verb, Standing now) {
        return Sentence.of(
                "This process does not have version %d of '%s'. Order it where a process has it, or deploy one that does.",
                verb instanceof ConsoleVerb.Migrate to ? to.version() : now.version(), now.name());
    }

    /** What the engine does not allow as the saga stands. */
    static Sentence notAllowed(ConsoleVerb verb, Standing now) {
        if (verb instanceof ConsoleVerb.Reopen) {
            return now.phase().isTerminal()
                    ? Sentence.of(
                            "It ended by itself, or others were told of its end: only a saga that an operator ended is reopened.")
                    : Sentence.of("It has not ended, so there is nothing to reopen.");
        }
        if (now.phase().isTerminal()) {
            return Sentence.of("It is %s. A saga that has ended takes no orders.", now.phase());
        }
        if (verb instanceof ConsoleVerb.Retry) {
            return now.isPaused()
                    ? Sentence.of("It is paused. Resume it; what is open goes on then.")
                    : Sentence.of("Nothing of it is open or failed, so there is nothing to try again.");
        }
        if (verb instanceof ConsoleVerb.EditAndRetry) {
            return Sentence.of("Only a saga that is stuck and not paused is edited; this one is %s.", phase(now));
        }
        if (verb instanceof ConsoleVerb.ResumeFromStep from) {
            return resumeNotAllowed(from.step(), now);
        }
        if (verb instanceof ConsoleVerb.Skip skip) {
            return skipNotAllowed(skip, now);
        }
        if (verb instanceof ConsoleVerb.Compensate) {
            return now.isTurnedBack()
                    ? Sentence.of("It turned back already.")
                    : Sentence.of(
                            "Its pivot was asked, and from there it only goes forward. Retry or skip the step that it stands at.");
        }
        if (verb instanceof ConsoleVerb.Pause) {
            return Sentence.of("It is paused already.");
        }
        if (verb instanceof ConsoleVerb.Resume) {
            return Sentence.of("It is not paused.");
        }
        if (verb instanceof ConsoleVerb.ExtendDeadline) {
            return now.isTurnedBack()
                    ? Sentence.of("It turned back, and has no deadline any more.")
                    : Sentence.of("The new deadline is not in the future, by the database's clock.");
        }
        return Sentence.of("It can't be ended like that.");
    }

    private static Sentence phase(Standing now) {
        return now.isPaused() ? Sentence.of("%s and paused", now.phase()) : Sentence.of("%s", now.phase());
    }

    private static Sentence skipNotAllowed(ConsoleVerb.Skip skip, Standing now) {
        Sentence step = skip.kind() == CommandKind.ACTION
                ? Sentence.of("The action of step '%s' can't be taken as done", skip.step())
                : Sentence.of("The compensation of step '%s' can't be taken as done", skip.step());
        return now.isTurnedBack() && skip.kind() == CommandKind.ACTION
                ? Sentence.of("%s: the saga turned back, and only compensations can be skipped now.", step)
                : Sentence.of(
                        "%s: it is not a step that the saga waits at, or the result is a rejection. Skip the step that it stands at.",
                        step);
    }

    private static Sentence resumeNotAllowed(String step, Standing now) {
        if (now.isTurnedBack()) {
            return Sentence.of("It turned back, and does not go forward again.");
        }
        if (now.phase() != SagaPhase.STUCK || now.isPaused()) {
            return Sentence.of(
                    "Only a saga that is stuck and not paused goes on from a step; this one is %s.", phase(now));
        }
        return Sentence.of(
                "It can't go on from step '%s': it is no step of this saga, has not begun, is local and done, is followed by steps that have begun, or another step is in the way. Retry, or take the latest step that was asked.",
                step);
    }

    static Sentence resultNotTaken(String step, List<String> known, Sentence why) {
        Sentence did = Sentence.of("Step '%s' did not take that result: %s.", step, why);
        return did.then(
                known.isEmpty()
                        ? Sentence.of("Its results are not known here.")
                        : Sentence.of(
                                "Its results are: %s.", known.stream().sorted().collect(Collectors.joining(", "))));
    }
}
