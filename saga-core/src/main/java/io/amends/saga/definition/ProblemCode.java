package io.amends.saga.definition;

/** What can be wrong with a definition. The codes are stable: documentation and alerts use them. */
public enum ProblemCode {
    DUPLICATE_VERSION("SAGA-001", "two definitions have the same name and version"),
    DUPLICATE_STEP("SAGA-002", "two steps have the same name"),
    MISSING_COMPENSATION("SAGA-003", "a compensatable step has no compensation"),
    UNKNOWN_STEP("SAGA-004", "a reference names no step"),
    TWO_COMPENSATIONS("SAGA-005", "a step has two compensations"),
    COMPENSATABLE_AFTER_PIVOT("SAGA-006", "a compensatable step does not stand before the pivot"),
    TWO_PIVOTS("SAGA-007", "there are two pivots"),
    REJECTABLE_RETRIABLE("SAGA-008", "a retriable step's command can be rejected"),
    DATA_TYPE_DIFFERS("SAGA-009", "methods take different data types"),
    BAD_SIGNATURE("SAGA-010", "a declaration can't be understood"),
    NO_HANDLER("SAGA-011", "a participant of this application does not handle the command"),
    REPLY_NOT_IN_CONTRACT("SAGA-012", "a reply handler's type is not in the command's contract"),
    NOT_SERIALISABLE("SAGA-013", "a type can't be written and read back"),
    UNREGISTERED_VERSION("SAGA-014", "unfinished instances have a version that is not registered"),
    FINGERPRINT_CHANGED("SAGA-015", "a definition changed while instances of it are unfinished"),
    SUB_SAGA("SAGA-016", "a step does not fit the saga of this application that it starts");

    private final String code;
    private final String meaning;

    ProblemCode(String code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** The code as it is printed, {@code SAGA-001}. */
    public String code() {
        return code;
    }

    /** What it means, in a few words. */
    public String meaning() {
        return meaning;
    }
}
