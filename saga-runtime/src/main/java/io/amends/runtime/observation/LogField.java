package io.amends.runtime.observation;

/**
 * The keys of SLF4J's MDC while a command, a reply or a saga whose time has come is handled. So each line that is logged
 * meanwhile, also by the application's own handler, says which saga it belongs to. The keys are stable.
 */
public enum LogField {
    /** The saga's id. */
    SAGA_ID("saga.id", "the saga's id"),
    /** The definition's name. */
    SAGA_NAME("saga.name", "the definition's name"),
    /** The step's name. */
    STEP("saga.step", "the step; of a timer only while a local step runs"),
    /** Action or compensation. */
    KIND("saga.kind", "`action` or `compensation`, with the step"),
    /** The message's id. */
    MESSAGE_ID("saga.message", "the id (`ce_id`) of the command or reply; none of a timer"),
    /** Who carries the command out, or did. */
    PARTICIPANT("saga.participant", "the participant that carries the command out, or sent the reply");

    private final String key;
    private final String sentence;

    LogField(String key, String sentence) {
        this.key = key;
        this.sentence = sentence;
    }

    /** The key in the MDC. */
    public String key() {
        return key;
    }

    /** What its value is. */
    public String sentence() {
        return sentence;
    }
}
