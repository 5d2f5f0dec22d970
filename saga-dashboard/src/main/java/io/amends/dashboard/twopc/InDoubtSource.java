package io.amends.dashboard.twopc;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Tells which branches of two-phase commit are in doubt. Safe for use by many threads. */
public interface InDoubtSource {

    /** Of an application that coordinates no two-phase commit. */
    InDoubtSource NONE = new InDoubtSource() {
        @Override
        public InDoubt look() {
            return new InDoubt(false, List.of(), List.of());
        }

        @Override
        public OptionalLong number() {
            return OptionalLong.empty();
        }
    };

    /**
     * Asks all participants and the log of decisions. A short while what was told before is told again, so that many who ask
     * do not keep the participants' databases busy.
     */
    InDoubt look();

    /**
     * Ends now what can be ended: as the log of decisions says, and by noting that it is to be undone where nothing is decided and
     * nobody will decide any more. In the caller's thread; the next look asks anew. Nothing where there is no two-phase commit.
     */
    default void settle() {}

    /** How many the last round of recovery has left; asks nobody. Empty where there is no two-phase commit. */
    OptionalLong number();

    /**
     * What is in doubt.
     *
     * @param present whether the application coordinates two-phase commit at all
     * @param branches the branches, of all participants that answered; the oldest first
     * @param away who could not be asked, the log of decisions too, in words
     */
    record InDoubt(boolean present, List<Branch> branches, List<String> away) {

        public InDoubt {
            branches = List.copyOf(branches);
            away = List.copyOf(away);
        }
    }

    /**
     * A branch that is prepared and has not ended: it keeps its locks.
     *
     * @param participant whose it is
     * @param transaction the transaction's id
     * @param gid its name in the participant's database
     * @param age how long ago it was prepared
     * @param decision {@code COMMIT} or {@code ABORT}; null if nothing is decided, or the log can't be read
     * @param running whether this process is at it; nothing is to be done then
     * @param advice what an operator may do, with the SQL and where to run it
     */
    record Branch(
            String participant,
            String transaction,
            String gid,
            Duration age,
            @Nullable String decision,
            boolean running,
            String advice) {}
}
