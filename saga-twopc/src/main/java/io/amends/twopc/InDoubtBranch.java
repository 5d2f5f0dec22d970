package io.amends.twopc;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A branch that is prepared and has not ended: it keeps its locks, and vacuum from its work.
 *
 * @param gid its name
 * @param age how long ago it was prepared
 * @param decision what is decided of its transaction; null if nothing is, or the log can't be read
 * @param running whether this process is at it; nothing is to be done then
 * @param advice what an operator may do, with the SQL and where to run it
 */
public record InDoubtBranch(Gid gid, Duration age, @Nullable Outcome decision, boolean running, String advice) {}
