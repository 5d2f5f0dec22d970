package io.amends.outbox.relay;

import io.amends.outbox.CommittedMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Messages that this process has just committed, which may go to Kafka without being read. One may if every transaction
 * that had ended when it was written is known: visible to the lane's last look, or one that came this way before it, or one
 * that wrote no messages. Whoever had the key's lock before is among those, so nothing of the key is passed by. Otherwise
 * the lane looks, and finds it with all the others. What was published so is found by the next look as well, and known by
 * its position: nothing rests on this but the time until a message is published.
 *
 * <p>Offering is for any thread, everything else for the lane's own.
 */
class Shortcut {

    private static final int MOST = 64;

    /** So that all that wait fit into a chunk; a larger one is read, which is little beside sending it. */
    private static final int MOST_BYTES = 64 * 1024;

    /** With more than that waiting, a look finds them at less cost. */
    private static final int FEW = 16;

    /** A look is cheaper than to ask about so many transactions. */
    private static final int MOST_ASKED = 512;

    /** After so many in vain, others write too, and it is not tried for a while. */
    private static final int IN_VAIN = 16;

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BlockingQueue<Ended> ended = new ArrayBlockingQueue<>(MOST);
    private final LongSupplier clock;

    /** Transactions beyond the last look that wrote nothing for this lane, or whose message has been taken. */
    private final Set<Long> known = new HashSet<>();

    private volatile boolean open;
    private volatile boolean pausing;
    private volatile long pauseUntil;
    private int inVain;

    /** A transaction, and its message if it is for this lane. */
    private record Ended(long transaction, @Nullable CommittedMessage message) {}

    /** @param clock monotonic nanoseconds */
    Shortcut(LongSupplier clock) {
        this.clock = clock;
    }

    /** From now on messages are taken this way, or none are. */
    void open(boolean now) {
        open = now;
        // After a crash the server may give the numbers of what committed asynchronously to others.
        ended.clear();
        known.clear();
    }

    boolean isOpen() {
        return open;
    }

    /** Whether a message that is committed soon may go this way. */
    boolean isWanted() {
        if (!open || ended.size() > FEW) {
            return false;
        }
        return !pausing || clock.getAsLong() - pauseUntil > 0;
    }

    /** Its transaction has committed. What finds no room is found by looking. */
    void offer(CommittedMessage message) {
        int bytes = message.payload().length + message.headers().length;
        if (open && message.seen() != null && bytes <= MOST_BYTES) {
            ended.offer(new Ended(message.transaction(), message));
        }
    }

    /** That transaction has committed and wrote nothing for this lane. */
    void offerNothing(long transaction) {
        if (open) {
            ended.offer(new Ended(transaction, null));
        }
    }

    /** The lane's owner has itself written with that transaction. */
    void know(long transaction) {
        if (open) {
            known.add(transaction);
        }
    }

    /**
     * The messages that may go now, ascending by position; none if there are none or a look is needed.
     *
     * @param last what the last look saw
     */
    List<CommittedMessage> take(Snapshot last) {
        if (ended.isEmpty()) {
            return List.of();
        }
        List<Ended> news = new ArrayList<>();
        ended.drainTo(news);
        List<CommittedMessage> messages = new ArrayList<>();
        for (Ended one : news) {
            if (!last.sees(one.transaction)) {
                known.add(one.transaction);
                if (one.message != null) {
                    messages.add(one.message);
                }
            }
        }
        for (CommittedMessage message : messages) {
            if (!isNextTo(last, message)) {
                miss();
                return List.of();
            }
        }
        if (!messages.isEmpty()) {
            inVain = 0;
            messages.sort(Comparator.comparingLong(CommittedMessage::position));
        }
        return messages;
    }

    /** Whether nothing ended before it was written that neither that look nor a message before it tells of. */
    boolean isNextTo(Snapshot last, CommittedMessage message) {
        Snapshot seen = Snapshot.of(String.valueOf(message.seen()));
        if (seen.end() - last.end() > MOST_ASKED) {
            return false;
        }
        for (long transaction : last.underWay()) {
            if (!isKnown(transaction, seen, message)) {
                return false;
            }
        }
        for (long transaction = last.end(); transaction < seen.end(); transaction++) {
            if (!isKnown(transaction, seen, message)) {
                return false;
            }
        }
        return true;
    }

    private boolean isKnown(long transaction, Snapshot seen, CommittedMessage message) {
        return !seen.sees(transaction) || transaction == message.transaction() || known.contains(transaction);
    }

    private void miss() {
        // What was drained is not known until a look has found it.
        known.clear();
        inVain++;
        pausing = inVain >= IN_VAIN;
        if (pausing) {
            inVain = 0;
            pauseUntil = clock.getAsLong() + PAUSE_NANOS;
        }
    }

    /** A look saw all of that. */
    void looked(Snapshot now) {
        known.removeIf(now::sees);
    }

    /** Of what went this way, something was not published. */
    void forget() {
        known.clear();
    }
}
