package io.amends.test.conformance;

import io.amends.runtime.store.ParticipantStore;

/** What a participant keeps. */
public interface ParticipantFixture extends ClockedFixture {

    /** The store. */
    ParticipantStore store();
}
