package io.amends.runtime.wire;

/** Names of the topics. */
public final class Topics {

    private Topics() {}

    /** Where a participant reads its commands. */
    public static String commands(String participant) {
        return "saga." + participant + ".commands";
    }

    /** Where a saga's orchestrator reads its replies. */
    public static String replies(String sagaName) {
        return "saga." + sagaName + ".replies";
    }
}
