package io.amends.dashboard.stuck;

/**
 * Why something is stuck: no automatic action is due that could move it, or the action that is due has been overdue for
 * longer than it may. A stuck saga has exactly one. The names are stable: pages, alerts and runbooks use them.
 */
public enum StuckReason {
    /** A compensation could not be done: effects are left that should have been undone. */
    COMPENSATION_FAILED(
            Severity.CRITICAL,
            "A compensation could not be done, so that effects are left that should have been undone.",
            "Mend what the compensation failed with, then retry it. If it was done by other means, skip it and say so."),
    /** A branch of a two-phase commit is prepared, and its coordinator has not ended it. */
    IN_DOUBT_2PC(
            Severity.CRITICAL,
            "A branch of a two-phase commit is prepared and has not ended; it keeps its locks.",
            "Start the coordinator, which ends it. If it can't be started, end the branch as the log of decisions says."),
    /** The attempts at a forward step are spent. */
    RETRIES_EXHAUSTED(
            Severity.HIGH,
            "The attempts at a step are spent.",
            "Mend what the step failed with, then retry. Otherwise skip the step, or compensate."),
    /** A step failed with something that another attempt would not mend. */
    NON_RETRYABLE(
            Severity.HIGH,
            "A step failed with something that another attempt does not mend.",
            "Mend the code or the data, then retry. Otherwise skip the step, or compensate."),
    /** The saga's deadline has passed, and it goes on nevertheless or waits for an operator. */
    DEADLINE_BREACHED(
            Severity.HIGH,
            "The saga's deadline has passed.",
            "Find what it waits for. Extend the deadline if it may go on, or compensate."),
    /** No reply has come, though all attempts and their waits are over. */
    REPLY_OVERDUE(
            Severity.HIGH,
            "A participant has not replied for longer than all attempts may take.",
            "See whether the participant runs and how far its consumer is behind, then retry: the command keeps its key, so that it has its effect once."),
    /** A message of the saga is not published, or waits behind one that Kafka refuses. */
    OUTBOX_BLOCKED(
            Severity.HIGH,
            "A message of the saga lies in the outbox and is not published.",
            "If Kafka refuses a message of the saga, edit, retry or discard it. Otherwise see whether a relay runs and reaches Kafka."),
    /** No running process has the version of the definition. */
    NO_HANDLER_VERSION(
            Severity.HIGH,
            "No running process has this version of the definition.",
            "Deploy a process that has the version, or migrate the saga to one that is here."),
    /** Something is due, and no process does it. */
    NO_LIVE_OWNER(
            Severity.MEDIUM,
            "Something is due, and no process does it.",
            "See whether a process of the service runs. If one does, its log says what it can't do."),
    /** A step is tried again and again. */
    HOT_RETRY(
            Severity.WARNING,
            "A step is tried again and again.",
            "Watch it. If the participant is down, hold it, so that its sagas do not use up their attempts."),
    /** Somebody has not decided in time. */
    WAITING_PERSON_OVERDUE(
            Severity.MEDIUM, "Somebody was expected to decide by now.", "Remind them, or ask somebody else."),
    /** A message came for a saga that is not there. */
    LATE_MESSAGE(
            Severity.WARNING,
            "A message came for a saga that is not here.",
            "See where it comes from. Nothing waits for it."),
    /** A message can't be read. */
    QUARANTINED_MESSAGE(
            Severity.WARNING,
            "A message could not be read or understood, and was set aside.",
            "Compare sender and receiver: a version that knows the message has to be deployed, or the sender mended.");

    private final Severity severity;
    private final String sentence;
    private final String action;

    StuckReason(Severity severity, String sentence, String action) {
        this.severity = severity;
        this.sentence = sentence;
        this.action = action;
    }

    /** How much it matters. */
    public Severity severity() {
        return severity;
    }

    /** What is the matter. */
    public String sentence() {
        return sentence;
    }

    /** What to do first. */
    public String action() {
        return action;
    }

    /** Where its runbook is, below the documents: {@code runbooks/REPLY_OVERDUE.md}. */
    public String runbook() {
        return "runbooks/" + name() + ".md";
    }
}
