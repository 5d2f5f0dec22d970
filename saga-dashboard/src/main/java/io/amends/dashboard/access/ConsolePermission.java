package io.amends.dashboard.access;

/** What somebody may do in the console. Each route needs one. */
public enum ConsolePermission {
    /** See everything, what is masked left out. */
    VIEW,
    /** See what is masked; each time is noted in the audit. */
    UNMASK,
    /** Order what does not decide about effects: retry, pause, resume, extend a deadline; write notes about groups of failures; save searches for all. */
    OPERATE,
    /** Order what decides about effects: skip, compensate, resolve, migrate, and what becomes of messages that were set aside. */
    REPAIR,
    /** Put other data in the place of a stuck saga's, or of a message that was refused; where that is switched on. */
    EDIT,
    /** Order of many sagas at once what one may order of one. */
    BULK,
    /** Be the second person. */
    APPROVE,
    /** Take the audit along. */
    EXPORT_AUDIT;

    /** What a verb needs. A verb that is not known decides about effects. */
    public static ConsolePermission ofVerb(String verb) {
        return switch (verb) {
            case "edit-and-retry" -> EDIT;
            case "retry", "pause", "resume", "extend-deadline" -> OPERATE;
            default -> REPAIR;
        };
    }

    /** Whether a verb leaves a saga with its tenant. Other data may be another tenant's, and another version may say so of the same. */
    static boolean keepsTenant(String verb) {
        return !verb.equals("migrate") && !verb.equals("edit-and-retry");
    }
}
