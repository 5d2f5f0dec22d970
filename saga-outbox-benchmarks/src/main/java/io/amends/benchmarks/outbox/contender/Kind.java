package io.amends.benchmarks.outbox.contender;

import io.amends.outbox.relay.ProducerMode;
import io.amends.outbox.relay.ReadMode;

/** Who takes part. */
public enum Kind {
    /** Amends, reading what a snapshot shows and the one before did not. */
    AMENDS_DELTA("Amends, snapshot delta"),
    /** Amends, reading and deleting what is pending. */
    AMENDS_PENDING("Amends, pending set"),
    /** Amends, reading by snapshot delta and writing each chunk as a Kafka transaction. */
    AMENDS_TRANSACTIONS("Amends, Kafka transactions"),
    /** A plain INSERT without a relay. */
    BARE_INSERT("bare INSERT"),
    /** The yardstick. */
    HAND_WRITTEN("hand-written loop"),
    /** A reader of the log. */
    DEBEZIUM("Debezium embedded engine"),
    /** A library for Spring Boot. */
    NAMASTACK("namastack-outbox"),
    /** A library of scheduled calls. */
    GRUELBOX("gruelbox transaction-outbox"),
    /** Events of Spring, noted until they are sent. */
    MODULITH("Spring Modulith");

    private final String text;

    Kind(String text) {
        this.text = text;
    }

    /** Its name in the report. */
    public String text() {
        return text;
    }

    /** Makes one, with its tables, in that place. */
    public Contender open(Place place) {
        return switch (this) {
            case AMENDS_DELTA -> new Amends(place, ReadMode.SNAPSHOT_DELTA, ProducerMode.IDEMPOTENT);
            case AMENDS_PENDING -> new Amends(place, ReadMode.PENDING_SET, ProducerMode.IDEMPOTENT);
            case AMENDS_TRANSACTIONS -> new Amends(place, ReadMode.SNAPSHOT_DELTA, ProducerMode.TRANSACTIONAL);
            case BARE_INSERT -> new BareInsert(place);
            case HAND_WRITTEN -> new HandWrittenLoop(place);
            case DEBEZIUM -> new Debezium(place);
            case NAMASTACK -> new Namastack(place);
            case GRUELBOX -> new Gruelbox(place);
            case MODULITH -> new Modulith(place);
        };
    }

    /** Whether it only appends. */
    public boolean appendsOnly() {
        return this == BARE_INSERT;
    }

    /** Whether it reads the database's log, and so can't begin with what was committed before. */
    public boolean readsTheLog() {
        return this == DEBEZIUM;
    }

    /** Whether another process can go on with what one has appended. */
    public boolean canReopen() {
        return this == AMENDS_DELTA || this == AMENDS_PENDING || this == AMENDS_TRANSACTIONS;
    }

    /** Whether it is known to need seconds where others need milliseconds, so that it gets fewer rows to drain. */
    public boolean isSlow() {
        return this == NAMASTACK || this == GRUELBOX || this == MODULITH;
    }
}
