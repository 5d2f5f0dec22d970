package io.amends.outbox.relay;

import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A source with a hook before each of its calls; what a hook throws, the call throws. */
final class SourceSpy implements OutboxSource {

    private final OutboxSource source;
    private final AtomicInteger reads = new AtomicInteger();
    private volatile Hook<Integer> beforeRead = nothing -> {};
    private volatile Hook<Set<Long>> beforeAcknowledged = positions -> {};

    /** What a test does at some moment. */
    interface Hook<T> {
        void at(T subject) throws SQLException;
    }

    SourceSpy(OutboxSource source) {
        this.source = source;
    }

    /** The hook gets which read it is, from 1 on. */
    SourceSpy beforeRead(Hook<Integer> hook) {
        beforeRead = hook;
        return this;
    }

    SourceSpy beforeAcknowledged(Hook<Set<Long>> hook) {
        beforeAcknowledged = hook;
        return this;
    }

    int reads() {
        return reads.get();
    }

    @Override
    public LaneReader open(Lease lease) throws SQLException {
        LaneReader reader = source.open(lease);
        return new LaneReader() {
            @Override
            public Batch read(int limit) throws SQLException {
                beforeRead.at(reads.incrementAndGet());
                return reader.read(limit);
            }

            @Override
            public boolean readsAhead() {
                return reader.readsAhead();
            }

            @Override
            public void settle(Batch batch, Set<Long> acknowledged, Set<Long> parked) throws SQLException {
                if (!batch.isEmpty()) {
                    beforeAcknowledged.at(acknowledged);
                }
                reader.settle(batch, acknowledged, parked);
            }

            @Override
            public void rewind() {
                reader.rewind();
            }

            @Override
            public boolean save(boolean now) throws SQLException {
                return reader.save(now);
            }

            @Override
            public void close() throws SQLException {
                reader.close();
            }
        };
    }
}
