package io.amends.outbox.schema;

/** What start-up does about the library's tables. */
public enum SchemaMode {
    /** Creates or upgrades them. */
    MIGRATE,
    /** Checks that they are as this version needs them, and refuses to start otherwise. */
    VALIDATE,
    /** Nothing: somebody else sees to it. */
    NONE
}
