package io.amends.runtime.wire;

/** Reply types that the framework itself gives; they carry no payload and match no contract. */
public final class ReservedTypes {

    /** Answers a compensation whose action never had an effect: there was nothing to undo. */
    public static final String NOTHING_TO_COMPENSATE = "amends.nothing-to-compensate";
    /** Answers an action that came after its compensation was recorded: it must never take effect. */
    public static final String ACTION_AFTER_COMPENSATION = "amends.action-after-compensation";
    /** Answers a deferred action whose compensation came before its reply: it will never be answered otherwise. */
    public static final String COMPENSATED_WHILE_OPEN = "amends.compensated-while-open";
    /** Answers a command whose handler threw until the attempts were spent. */
    public static final String HANDLER_FAILED = "amends.handler-failed";
    /** Answers a command whose handler threw something after which another attempt is useless. */
    public static final String HANDLER_FAILED_FOR_GOOD = "amends.handler-failed-for-good";
    /** Answers a command that the participant does not know or can't read. */
    public static final String COMMAND_NOT_UNDERSTOOD = "amends.command-not-understood";

    private ReservedTypes() {}

    /** Whether it says that sending the command again is useless. */
    public static boolean isPermanentError(String type) {
        return type.equals(HANDLER_FAILED_FOR_GOOD) || type.equals(COMMAND_NOT_UNDERSTOOD);
    }

    /** Whether the framework gave this type. */
    public static boolean isReserved(String type) {
        return type.startsWith("amends.");
    }
}
