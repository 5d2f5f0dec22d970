package io.amends.test.conformance;

import io.amends.runtime.quarantine.Quarantine;
import io.amends.runtime.quarantine.Quarantine.Case;
import java.util.List;

/** A quarantine, and how to read what is in it. Made anew for each test. */
public interface QuarantineFixture extends StoreFixture {

    /** The quarantine. */
    Quarantine quarantine();

    /** What is committed, by topic, partition and offset. */
    List<Case> committed();
}
