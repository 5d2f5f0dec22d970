package io.amends.outbox.relay;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A source with a hook before each of its calls; what a hook throws, the call throws. */
final class SourceSpy implements OutboxSource {

    private final OutboxSource source;
    private final AtomicInteger reads = new AtomicInteger();
    private volatile Hook<Integer> beforeRead = nothing -> {};
    private volatile Hook<List<Long>> beforeAcknowledged = positions -> {};

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

    SourceSpy beforeAcknowledged(Hook<List<Long>> hook) {
        beforeAcknowledged = hook;
        return this;
    }

    int reads() {
        return reads.get();
    }

    @Override
    public List<OutboxRow> read(int limit, Collection<String> withoutTopics) throws SQLException {
        beforeRead.at(reads.incrementAndGet());
        return source.read(limit, withoutTopics);
    }

    @Override
    public void acknowledged(Lease lease, List<Long> positions) throws SQLException {
        beforeAcknowledged.at(positions);
        source.acknowledged(lease, positions);
    }

    @Override
    public void park(Lease lease, long position, String reasonCode, String reason) throws SQLException {
        source.park(lease, position, reasonCode, reason);
    }
}
