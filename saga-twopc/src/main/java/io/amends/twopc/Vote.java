package io.amends.twopc;

import org.jspecify.annotations.Nullable;

/** What a branch answers when it is asked whether it can commit. */
public sealed interface Vote {

    /** It wrote nothing and has ended already; it is not asked again. */
    record ReadOnly() implements Vote {}

    /**
     * It can commit, whatever happens: its writes and locks outlive a crash.
     *
     * @param xid the number under which the participant can tell later what became of it ({@link Participant#states}).
     *     For PostgreSQL the text of an xid8. Null: it can't tell
     */
    record Prepared(@Nullable String xid) implements Vote {}

    /**
     * It can't commit and has rolled back; certainly nothing of it is left.
     *
     * @param reason why, in words that may be logged
     * @param cause what was thrown, if anything was
     * @param again whether the whole transaction may succeed if it runs again: it lost a deadlock or a serialisation conflict
     */
    record Refused(String reason, @Nullable Throwable cause, boolean again) implements Vote {}

    /**
     * No answer came: it may be prepared, now or a little later.
     *
     * @param reason why, in words that may be logged
     * @param cause what was thrown, if anything was
     */
    record Unknown(String reason, @Nullable Throwable cause) implements Vote {}
}
