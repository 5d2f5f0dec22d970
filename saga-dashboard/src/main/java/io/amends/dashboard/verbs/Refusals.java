package io.amends.dashboard.verbs;

import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.SagaPhase;
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

    static String notFound(UUID sagaId) {
        return "There is no saga %s here. It may have ended and been removed, or be another service's."
                .formatted(sagaId);
    }

    /** Who changed it since the operator looked: what its history says last. */
    static String changedSince(JdbcOperations jdbc, UUID sagaId, long seen, Standing now) {
        long changes = now.revision() - seen;
        if (changes < 0) {
            return "The order names revision %d, which the saga has not reached: it is at %d. Look again."
                    .formatted(seen, now.revision());
        }
        List<String> lines = jdbc.query(
                SINCE,
                (row, number) -> {
                    String who = row.getString("operator") != null
                            ? " by " + row.getString("operator")
                            : row.getString("participant") == null ? "" : " from " + row.getString("participant");
                    String step = row.getString("step") == null ? "" : " of " + row.getString("step");
                    return "%s%s%s at %s".formatted(row.getString("event"), step, who, row.getString("at"));
                },
                sagaId,
                Math.min(changes, MOST_LINES));
        return "It changed since you looked: you saw revision %d, it is %s at revision %d now. What happened last: %s (UTC). Look again and decide anew."
                .formatted(
                        seen,
                        now.phase(),
                        now.revision(),
                        lines.isEmpty() ? "its history does not say" : String.join("; ", lines));
    }

    /** What this process would have to have for that verb. */
    static String noVersion(ConsoleVerb verb, Standing now) {
        return noVersion(now.name(), verb instanceof ConsoleVerb.Migrate to ? to.version() : now.version());
    }

    private static String noVersion(String saga, int version) {
        return "This process does not have version %d of '%s'. Order it where a process has it, or deploy one that does."
                .formatted(version, saga);
    }

    /** What the engine does not allow as the saga stands. */
    static String notAllowed(ConsoleVerb verb, Standing now) {
        if (verb instanceof ConsoleVerb.Reopen) {
            return now.phase().isTerminal()
                    ? "It ended by itself, or others were told of its end: only a saga that an operator ended is reopened."
                    : "It has not ended, so there is nothing to reopen.";
        }
        if (now.phase().isTerminal()) {
            return "It is %s. A saga that has ended takes no orders.".formatted(now.phase());
        }
        if (verb instanceof ConsoleVerb.Retry) {
            return now.isPaused()
                    ? "It is paused. Resume it; what is open goes on then."
                    : "Nothing of it is open or failed, so there is nothing to try again.";
        }
        if (verb instanceof ConsoleVerb.EditAndRetry) {
            return "Only a saga that is stuck and not paused is edited; this one is %s%s."
                    .formatted(now.phase(), now.isPaused() ? " and paused" : "");
        }
        if (verb instanceof ConsoleVerb.ResumeFromStep from) {
            return resumeNotAllowed(from.step(), now);
        }
        if (verb instanceof ConsoleVerb.Skip skip) {
            String step = "The %s of step '%s' can't be taken as done"
                    .formatted(skip.kind().wireName(), skip.step());
            if (now.isTurnedBack() && skip.kind() == CommandKind.ACTION) {
                return step + ": the saga turned back, and only compensations can be skipped now.";
            }
            return step
                    + ": it is not a step that the saga waits at, or the result is a rejection. Skip the step that it stands at.";
        }
        if (verb instanceof ConsoleVerb.Compensate) {
            return now.isTurnedBack()
                    ? "It turned back already."
                    : "Its pivot was asked, and from there it only goes forward. Retry or skip the step that it stands at.";
        }
        if (verb instanceof ConsoleVerb.Pause) {
            return "It is paused already.";
        }
        if (verb instanceof ConsoleVerb.Resume) {
            return "It is not paused.";
        }
        if (verb instanceof ConsoleVerb.ExtendDeadline) {
            return now.isTurnedBack()
                    ? "It turned back, and has no deadline any more."
                    : "The new deadline is not in the future, by the database's clock.";
        }
        return "It can't be ended like that.";
    }

    private static String resumeNotAllowed(String step, Standing now) {
        if (now.isTurnedBack()) {
            return "It turned back, and does not go forward again.";
        }
        if (now.phase() != SagaPhase.STUCK || now.isPaused()) {
            return "Only a saga that is stuck and not paused goes on from a step; this one is %s%s."
                    .formatted(now.phase(), now.isPaused() ? " and paused" : "");
        }
        return "It can't go on from step '%s': it is no step of this saga, has not begun, is local and done, is followed by steps that have begun, or another step is in the way. Retry, or take the latest step that was asked."
                .formatted(step);
    }

    static String resultNotTaken(String step, List<String> known, String why) {
        String types = known.stream().sorted().collect(Collectors.joining(", "));
        return "Step '%s' did not take that result: %s. %s"
                .formatted(
                        step,
                        why,
                        types.isEmpty() ? "Its results are not known here." : "Its results are: " + types + ".");
    }
}
