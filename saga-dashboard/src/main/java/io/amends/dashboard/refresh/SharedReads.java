package io.amends.dashboard.refresh;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the reads that open pages repeat by themselves once for all who ask the same, and the more seldom the longer they take:
 * all of them together keep one processor of the database busy for a given share of the time, however many pages are open.
 * What somebody must see is read at once all the same. Keeps the latest answer of {@value #MOST} questions, and no failure. Safe for
 * use by many threads; while something is read, nobody waits but those who need that very answer.
 */
public final class SharedReads {

    /** How many questions are remembered; what was asked least lately is forgotten first. */
    static final int MOST = 256;

    /** Less than a hundredth, since the time that a read takes here is not all that it costs there. */
    public static final double DEFAULT_LOAD = 0.008;

    /** Below that nothing is gained. */
    private static final long SHORTEST = TimeUnit.SECONDS.toNanos(2);

    /** A page older than that helps nobody: a database that is so slow is asked for more than its share of the time. */
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);

    /**
     * What nobody asked for so long is no part of the round any more, and not kept. Longer than the longest pause, or the next round
     * would be forgotten.
     */
    private static final long FORGOTTEN = TimeUnit.MINUTES.toNanos(2);

    /** How long somebody waits for others who have the same read. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final double load;
    private final LongSupplier nanos;
    private final Duration patience;
    /** Those that were asked least lately first. */
    private final Map<Object, Slot> slots = new LinkedHashMap<>(MOST, 0.75f, true);

    private final Cost look = new Cost();

    /**
     * With the clock of this process.
     *
     * @param load which share of the time of one of the database's processors all repeated reads may take, above 0 and at most 1
     */
    public SharedReads(double load) {
        this(load, PATIENCE);
    }

    /**
     * @param load likewise
     * @param patience how long somebody waits for others who have the same read; ten seconds if it is less
     */
    public SharedReads(double load, Duration patience) {
        this(load, System::nanoTime, patience.compareTo(PATIENCE) < 0 ? PATIENCE : patience);
    }

    /**
     * @param load likewise
     * @param nanos monotonic nanoseconds
     * @param patience how long somebody waits for others who have the same read
     */
    SharedReads(double load, LongSupplier nanos, Duration patience) {
        this.load = load;
        this.nanos = nanos;
        this.patience = patience;
    }

    /** A read of the database. */
    @FunctionalInterface
    public interface Reading {

        /** The answer, which nobody may change. */
        @Nullable
        Object read() throws Exception;
    }

    /**
     * What was read.
     *
     * @param age how long ago the read ended
     */
    public record Answer(@Nullable Object value, Duration age) {}

    /**
     * How long the same takes, as the shorter of the last two times: the first read of a process, and one that had to wait for
     * something else, would else make all others rare. Guarded by the map of questions.
     */
    private static final class Cost {

        private long last;
        private long before;

        void took(long nanos) {
            before = last;
            last = nanos;
        }

        long nanos() {
            return Math.min(before, last);
        }
    }

    private record Outcome(
            long began,
            long ended,
            @Nullable Object value,
            @Nullable Exception thrown) {

        /** Whether it will do for who asked then. A failure is told to those only who asked before it was known. */
        boolean serves(long asked, Duration oldest) {
            return asked - began <= oldest.toNanos() && (thrown == null || asked - ended <= 0);
        }

        Answer answer(long now) throws Exception {
            if (thrown != null) {
                throw thrown;
            }
            return new Answer(value, Duration.ofNanos(Math.max(0, now - ended)));
        }
    }

    /** What is known of a question. Its cost, and when and how it was asked, are guarded by the map of questions. */
    private static final class Slot {

        private final ReentrantLock reading = new ReentrantLock();
        private final Cost cost = new Cost();
        private volatile @Nullable Outcome outcome;
        private long asked;
        private boolean isRepeated;
    }

    /**
     * The answer to a question: what was read lately if that will do, else what is read now. Whoever asks while it is read for
     * others waits for that, unless an older answer will do.
     *
     * @param question equal for those only who may be given each other's answers
     * @param oldest how long before now the read may have begun; zero for one that begins after now, as for what somebody does
     * @throws TimeoutException if others have it read for longer than it is waited for
     * @throws Exception what the read threw, for this one or for others that it waited for
     */
    public Answer read(Object question, Duration oldest, Reading reading) throws Exception {
        long now = nanos.getAsLong();
        Slot slot = slot(question, now, !oldest.isZero());
        Outcome known = slot.outcome;
        if (known != null && known.serves(now, oldest) && (isKept(known, now) || slot.reading.isLocked())) {
            return known.answer(now);
        }
        if (!slot.reading.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException();
        }
        try {
            Outcome others = slot.outcome;
            Outcome mine = others != null && others.serves(now, oldest) && isKept(others, now)
                    ? others
                    : outcome(slot, reading);
            return mine.answer(nanos.getAsLong());
        } finally {
            slot.reading.unlock();
        }
    }

    private Slot slot(Object question, long now, boolean isRepeat) {
        synchronized (slots) {
            slots.values().removeIf(slot -> now - slot.asked > FORGOTTEN);
            Slot slot = slots.computeIfAbsent(question, unknown -> new Slot());
            slot.isRepeated |= isRepeat;
            slot.asked = now;
            if (slots.size() > MOST) {
                Iterator<Slot> eldest = slots.values().iterator();
                eldest.next();
                eldest.remove();
            }
            return slot;
        }
    }

    /** Whether it is too early for reading it once more, unless somebody must see what is new. */
    private boolean isKept(Outcome known, long now) {
        return now - known.began < Math.max(SHORTEST, pause().toNanos());
    }

    /** By whoever has the slot's lock. */
    private Outcome outcome(Slot slot, Reading reading) {
        long began = nanos.getAsLong();
        Object value = null;
        Exception failure = null;
        try {
            value = reading.read();
        } catch (Exception thrown) {
            failure = thrown;
        }
        Outcome made = new Outcome(began, nanos.getAsLong(), value, failure);
        slot.outcome = made;
        synchronized (slots) {
            slot.cost.took(made.ended - made.began);
        }
        return made;
    }

    /** Adds what a look costs by which open pages are told of changes; zero while nobody looks. */
    public void looked(Duration took) {
        synchronized (slots) {
            look.took(took.toNanos());
        }
    }

    /** How long after one look the next one may begin: so long that all that is read again meanwhile is little. */
    public Duration pause() {
        long now = nanos.getAsLong();
        synchronized (slots) {
            long round = look.nanos();
            for (Slot slot : slots.values()) {
                if (slot.isRepeated && now - slot.asked <= FORGOTTEN) {
                    round += slot.cost.nanos();
                }
            }
            return Duration.ofNanos(Math.min(LONGEST, (long) (round / load)));
        }
    }
}
