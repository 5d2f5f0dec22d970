package io.amends.twopc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service's side of branches that a remote coordinator asks for, on the service's own database. Knows no web framework; see
 * {@link io.amends.twopc.http.TwoPhaseHttp}. Safe for use by many threads.
 *
 * <p>Each verb may be repeated and may come late. A branch is prepared at most once: its transaction writes a row of its own
 * into {@code twopc_branch}, and so does a rollback, and the first of them wins. So a rollback that overtakes its prepare leaves
 * nothing of it. Only gids that begin with {@code amends:} are touched.
 */
public final class TwoPhaseEndpoint {

    /** The folder of the scripts on the class path. */
    public static final String SCRIPTS_FOLDER = "io/amends/twopc/endpoint";

    /** The names of the scripts, in order. */
    public static final List<String> SCRIPTS = List.of("V3_101__branches.sql");

    private static final Logger log = LoggerFactory.getLogger(TwoPhaseEndpoint.class);

    private static final String PREFIX = "amends:";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,19}");
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final long FORGET_NANOS = Duration.ofMinutes(10).toNanos();

    private final DataSource dataSource;
    private final JdbcParticipant database;
    private final TwoPhaseWork work;
    private final TwoPhaseEndpointSettings settings;
    private final Semaphore places;
    private final AtomicLong forgotten;

    /**
     * On the database that the work writes to, which has the table {@code twopc_branch}.
     *
     * @param dataSource also used to settle branches: PostgreSQL wants the same user for that
     */
    public TwoPhaseEndpoint(DataSource dataSource, TwoPhaseWork work, TwoPhaseEndpointSettings settings) {
        this.dataSource = dataSource;
        this.database = new JdbcParticipant("endpoint", dataSource);
        this.work = work;
        this.settings = settings;
        this.places = new Semaphore(settings.concurrency(), true);
        this.forgotten = new AtomicLong(System.nanoTime() - FORGET_NANOS);
    }

    /**
     * Checks whether branches can be prepared and ended on the database as it is.
     *
     * @param limit how long it may take
     * @throws TwoPhaseRefusedException if they can't, with all reasons
     * @throws ParticipantException if the database gave no answer
     */
    public void check(Duration limit) {
        List<String> problems = database.problems(PREFIX, 1, limit);
        if (!problems.isEmpty()) {
            throw new TwoPhaseRefusedException(String.join(System.lineSeparator(), problems));
        }
    }

    /**
     * Does the work and prepares it. A repeat of a branch that is prepared does nothing and gets the same answer. Waits while as
     * many branches are at work as may be, and refuses if none of them ends in time.
     *
     * @param limit how long that may take
     * @throws IllegalArgumentException if the gid is none of ours
     */
    public Vote prepare(String gid, RemoteWork request, Duration limit) {
        Gid branch = checked(gid);
        Deadline deadline = Deadline.in(shorter(limit, settings.prepareTimeout()));
        Vote vote;
        try {
            Vote earlier = earlier(look(gid, deadline));
            vote = earlier != null ? earlier : inPlace(branch, request, deadline);
        } catch (ParticipantException away) {
            log.warn("Branch {} is not prepared: {}", gid, away.getMessage());
            return new Vote.Unknown(inShort(away), away);
        }
        return vote instanceof Vote.Refused refusal ? certain(gid, refusal) : vote;
    }

    /** What was made of the branch before, null if nothing. */
    private static @Nullable Vote earlier(BranchTable.Known known) {
        if (known.xid() != null) {
            return new Vote.Prepared(known.xid());
        }
        if (known.committed()) {
            return new Vote.Unknown("the branch has been prepared and committed before; nothing is done again", null);
        }
        return known.refused()
                ? new Vote.Refused("the branch was rolled back before it was prepared", null, false)
                : null;
    }

    /** Leaves connections for commits and rollbacks: whoever is at work may wait for a lock that only these set free. */
    private Vote inPlace(Gid gid, RemoteWork request, Deadline deadline) {
        try {
            if (!places.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                return new Vote.Refused(
                        "the service is at work on %d branches, as many as it may at once (concurrency of its endpoint), and none ended in time"
                                .formatted(settings.concurrency()),
                        null,
                        false);
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            return new Vote.Refused("the service's thread was interrupted", ending, false);
        }
        try {
            return attempt(gid, request, deadline);
        } finally {
            places.release();
        }
    }

    private Vote attempt(Gid gid, RemoteWork request, Deadline deadline) {
        Duration left = deadline.left();
        JdbcBranch branch;
        try {
            branch = database.begin(left, left.plus(IDLE));
        } catch (SQLException away) {
            throw new ParticipantException(database.name(), "beginning branch " + gid, away);
        }
        try {
            branch.work(connection -> {
                work.run(connection, request);
                return true;
            });
            Optional<Vote.Refused> no = branch.ask(deadline.left());
            if (no.isPresent()) {
                return no.get();
            }
            if (deadline.isOver()) {
                return new Vote.Refused("the work took longer than it may", null, false);
            }
            if (branch.mayHaveWritten() && !branch.work(connection -> BranchTable.claim(connection, gid.text()))) {
                return new Vote.Refused("the branch has ended before", null, false);
            }
            return branch.vote(gid, deadline.left());
        } catch (BranchRefusedException no) {
            return new Vote.Refused(no.reason(), no, false);
        } catch (Exception trouble) {
            if (trouble instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            boolean again = SqlStates.lostRace(trouble);
            if (!again) {
                log.warn("The work of branch {} failed; nothing of it is left: {}", gid, kind(trouble));
                log.debug("What it failed with", trouble);
            }
            return new Vote.Refused(inShort(trouble), trouble, again);
        } finally {
            branch.release(deadline.left());
        }
    }

    /**
     * The network may have repeated the request. After a "no" the other one must not prepare; and if it has, that is the answer,
     * for the coordinator may have it already and count on it.
     */
    private Vote certain(String gid, Vote.Refused refusal) {
        Deadline deadline = Deadline.in(settings.settleTimeout());
        try {
            do {
                BranchTable.Known known = look(gid, deadline);
                Vote other = earlier(known);
                if (other != null) {
                    return known.refused() ? refusal : other;
                }
                if (refuse(gid, deadline)) {
                    return refusal;
                }
            } while (!deadline.isOver());
        } catch (ParticipantException away) {
            log.warn("It can't be noted that branch {} is refused: {}", gid, away.getMessage());
        }
        return new Vote.Unknown(refusal.reason(), refusal.cause());
    }

    /**
     * Commits a prepared branch.
     *
     * @param xid what {@link Vote.Prepared} said, null if not known
     * @param limit how long it may take
     * @return as {@link JdbcParticipant#commit}; what has become of a branch that is not there is told as long as it is
     *     remembered, also without the number
     * @throws IllegalArgumentException if the gid is none of ours
     * @throws ParticipantException if the database gave no answer; it may have committed or not
     */
    public BranchState commit(String gid, @Nullable String xid, Duration limit) {
        Gid branch = checked(gid);
        Deadline deadline = Deadline.in(shorter(limit, settings.settleTimeout()));
        BranchState state = database.commit(branch, xid, deadline.left());
        if (state != BranchState.UNKNOWN) {
            return state;
        }
        BranchTable.Known known = look(gid, deadline);
        return known.committed()
                ? BranchState.COMMITTED
                : known.refused() ? BranchState.ROLLED_BACK : BranchState.UNKNOWN;
    }

    /**
     * Rolls a branch back, prepared or not: a request to prepare it that comes later is refused.
     *
     * @param xid what {@link Vote.Prepared} said, null if not known
     * @param limit how long it may take
     * @return ROLLED_BACK; COMMITTED if it has committed before; UNSETTLED if a request for it is under way and can't be
     *     awaited
     * @throws IllegalArgumentException if the gid is none of ours
     * @throws ParticipantException if the database gave no answer; it may be rolled back or not
     */
    public BranchState rollback(String gid, @Nullable String xid, Duration limit) {
        Gid branch = checked(gid);
        Deadline deadline = Deadline.in(shorter(limit, settings.settleTimeout()));
        do {
            BranchTable.Known known = look(gid, deadline);
            if (known.committed()) {
                return BranchState.COMMITTED;
            }
            if (known.refused()) {
                return BranchState.ROLLED_BACK;
            }
            if (known.xid() != null
                    && database.rollback(branch, known.xid(), deadline.left()) == BranchState.UNSETTLED) {
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            } else if (refuse(gid, deadline)) {
                return BranchState.ROLLED_BACK;
            }
        } while (!deadline.isOver());
        return BranchState.UNSETTLED;
    }

    private BranchTable.Known look(String gid, Deadline deadline) {
        try (LimitedConnection connection = LimitedConnection.open(dataSource, deadline.left())) {
            return BranchTable.look(connection.get(), gid);
        } catch (SQLException trouble) {
            throw new ParticipantException(database.name(), "looking for branch " + gid, trouble);
        }
    }

    /** False if somebody else is noting the branch's end right now, or has noted one. */
    private boolean refuse(String gid, Deadline deadline) {
        try (LimitedConnection connection = LimitedConnection.open(dataSource, deadline.left())) {
            return BranchTable.refuse(connection.get(), gid, LOOK_AGAIN);
        } catch (SQLException trouble) {
            throw new ParticipantException(database.name(), "noting that branch " + gid + " is refused", trouble);
        }
    }

    /**
     * Branches that are prepared and await a decision. Now and then it also forgets how old branches ended.
     *
     * @param prefix of their gids, which begins with {@code amends:}
     * @param limit how long it may take
     * @throws IllegalArgumentException if the prefix does not
     * @throws ParticipantException if the database gave no answer
     */
    public List<PreparedBranch> inDoubt(String prefix, Duration limit) {
        if (!prefix.startsWith(PREFIX)) {
            throw new IllegalArgumentException(
                    "Only branches of Amends are listed: ask for a prefix that begins with " + PREFIX);
        }
        forgetNowAndThen();
        return database.listInDoubt(prefix, shorter(limit, settings.settleTimeout()));
    }

    private void forgetNowAndThen() {
        long now = System.nanoTime();
        long last = forgotten.get();
        if (now - last < FORGET_NANOS || !forgotten.compareAndSet(last, now)) {
            return;
        }
        try (LimitedConnection connection = LimitedConnection.open(dataSource, settings.settleTimeout())) {
            BranchTable.forget(connection.get(), settings.retention());
        } catch (SQLException trouble) {
            log.warn("Old rows of twopc_branch can't be deleted now", trouble);
        }
    }

    /**
     * What became of transactions, by the numbers that {@link Vote.Prepared} told.
     *
     * @param limit how long it may take
     * @throws IllegalArgumentException if a number is none
     * @throws ParticipantException if the database gave no answer
     */
    public Map<String, BranchState> states(Collection<String> xids, Duration limit) {
        if (!xids.stream().allMatch(xid -> NUMBER.matcher(xid).matches())) {
            throw new IllegalArgumentException("The number of a transaction is made of up to 19 digits");
        }
        return database.states(xids, shorter(limit, settings.settleTimeout()));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Without the message, which may quote rows: it goes over the network. */
    private static String inShort(Throwable trouble) {
        return trouble.getClass().getSimpleName() + " at the service, whose log has more";
    }

    /** Without the words of the exception, which may quote the request or values of rows. */
    private static String kind(Throwable trouble) {
        StackTraceElement[] trace = trouble.getStackTrace();
        return trouble.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    private static Gid checked(String gid) {
        return Gid.parse(gid)
                .orElseThrow(() -> new IllegalArgumentException(
                        "That is no id of a branch of Amends: it is amends:<installation>:<coordinator>:<32 hexadecimal digits>:<branch>, of at most %d characters."
                                .formatted(Gid.LONGEST)));
    }
}
