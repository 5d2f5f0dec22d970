package io.amends.runtime.isolation;

/** What a saga's steps do about the missing isolation. */
enum Countermeasure {
    /** Later steps act on what earlier steps have read. */
    NONE("none"),
    /** The first step that touches a customer locks it for the saga, until the saga ends. */
    SEMANTIC_LOCK("semantic lock"),
    /** Amounts are changed by adding to them; what was read earlier is never written. */
    COMMUTATIVE_UPDATE("commutative update"),
    /** A step changes something only if it is still as it was read. */
    REREAD_VALUE("reread value"),
    /** Changes that others may act upon come after the pivot, so that they are never compensated. */
    PESSIMISTIC_ORDER("pessimistic order");

    final String title;

    Countermeasure(String title) {
        this.title = title;
    }
}
