package io.amends.test.memory;

import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.OutboxMessage;
import io.amends.test.conformance.OutboxConformance;
import io.amends.test.conformance.OutboxFixture;
import java.time.InstantSource;
import java.util.List;
import org.springframework.transaction.PlatformTransactionManager;

class MemoryOutboxTest extends OutboxConformance {

    @Override
    protected OutboxFixture fixture() {
        return new Memory();
    }

    /** An outbox in memory, for the suite. */
    static class Memory implements OutboxFixture {

        final MemoryDatabase database = new MemoryDatabase("service", InstantSource.system());
        final MemoryOutbox outbox = new MemoryOutbox(database, new OutboxLimits(maxMessageBytes()));

        @Override
        public Outbox outbox() {
            return outbox;
        }

        @Override
        public int maxMessageBytes() {
            return 1_000;
        }

        @Override
        public List<OutboxMessage> committed() {
            return outbox.pending(Integer.MAX_VALUE).stream()
                    .map(MemoryOutbox.Pending::message)
                    .toList();
        }

        @Override
        public PlatformTransactionManager transactions() {
            return database.transactions();
        }
    }
}
