package io.amends.dashboard.stuck;

import io.amends.dashboard.language.NotTakenException;
import io.amends.dashboard.language.Sentence;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which stuck sagas to list: all conditions that are set must hold. Immutable; begin with {@link #all()}.
 *
 * @param reason why they are stuck, null for any reason
 * @param sagaName the definition's name, null for any
 * @param version the definition's version, null for any
 * @param age for how long they are stuck, null for any time
 * @param after the place behind which the page begins, null for the first page
 * @param size how many at most, from 1 to 500
 */
public record StuckQuery(
        @Nullable StuckReason reason,
        @Nullable String sagaName,
        @Nullable Integer version,
        @Nullable AgeBucket age,
        @Nullable Place after,
        int size) {

    private static final int MOST = 500;

    /**
     * A saga's place in the list. It stays the same while the saga stays stuck for that reason.
     *
     * @param since since when it is stuck
     * @param sagaId its id
     */
    public record Place(Instant since, UUID sagaId) {}

    public StuckQuery {
        if (size < 1 || size > MOST) {
            throw new NotTakenException(Sentence.of("A page has 1 to %d stuck sagas, not %d.", MOST, size));
        }
    }

    /** All of them, fifty at a time. */
    public static StuckQuery all() {
        return new StuckQuery(null, null, null, null, null, 50);
    }

    /** For that reason. */
    public StuckQuery because(StuckReason why) {
        return new StuckQuery(why, sagaName, version, age, after, size);
    }

    /** Of that definition. */
    public StuckQuery of(String name) {
        return new StuckQuery(reason, name, version, age, after, size);
    }

    /** Of that version of a definition. */
    public StuckQuery of(String name, int number) {
        return new StuckQuery(reason, name, number, age, after, size);
    }

    /** Stuck for about that long. */
    public StuckQuery aged(AgeBucket bucket) {
        return new StuckQuery(reason, sagaName, version, bucket, after, size);
    }

    /** The page behind that place, of that size. */
    public StuckQuery page(@Nullable Place behind, int number) {
        return new StuckQuery(reason, sagaName, version, age, behind, number);
    }
}
