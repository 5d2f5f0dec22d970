package io.amends.dashboard.kafka;

import java.util.UUID;

/** Where records of messages that were published are read, such as {@link CommandPlaces}. Safe for use by many threads. */
public interface RecordSource {

    /** Reads the record at that place, if it is that message's. */
    SagaRecord read(RecordPlace place, UUID messageId);

    /** Looks for a command of which nobody told the place, and reads it. */
    SagaRecord read(SentCommand sought);

    /** What is told of a message that came, and of which nobody noted where it was read. */
    default SagaRecord unplaced() {
        return SagaRecord.unread(SagaRecord.State.NO_PLACE, null, null);
    }

    /** Where messages go from the outbox straight to their handlers. */
    final class WithoutKafka implements RecordSource {

        /** There is nothing to be told to it. */
        public WithoutKafka() {}

        @Override
        public SagaRecord read(RecordPlace place, UUID messageId) {
            return unplaced();
        }

        @Override
        public SagaRecord read(SentCommand sought) {
            return unplaced();
        }

        @Override
        public SagaRecord unplaced() {
            return SagaRecord.unread(SagaRecord.State.NO_KAFKA, null, null);
        }
    }
}
