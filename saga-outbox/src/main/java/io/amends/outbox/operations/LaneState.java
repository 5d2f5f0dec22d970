package io.amends.outbox.operations;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A part of the outbox and who publishes it.
 *
 * @param owner the relay that had it last, null if it was given back
 * @param epoch how often it was taken
 * @param leaseLeft how long it is still its owner's, null if nobody's: any relay may take it
 * @param publishedTo the snapshot of which everything is published
 * @param cutPosition how far a backlog is worked off, null if there is none
 * @param waiting how many messages wait, at most as many as were asked for; of a backlog the least that do
 * @param isAll whether these are all that wait; if not, there are at least so many
 * @param oldest how long the oldest of those has been waiting, null if none does
 */
public record LaneState(
        int lane,
        @Nullable String owner,
        long epoch,
        @Nullable Duration leaseLeft,
        String publishedTo,
        @Nullable Long cutPosition,
        long waiting,
        boolean isAll,
        @Nullable Duration oldest) {}
