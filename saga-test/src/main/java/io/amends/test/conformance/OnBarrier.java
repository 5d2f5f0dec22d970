package io.amends.test.conformance;

import static io.amends.test.conformance.Samples.bytes;
import static io.amends.test.conformance.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.Barrier.Claim;
import io.amends.runtime.store.Barrier.Loaded;
import io.amends.runtime.store.Barrier.Made;
import io.amends.runtime.store.Barrier.StoredReply;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.Condition;

/** One command and its compensation at a participant's barrier, and what the suites about it do with them. */
abstract class OnBarrier extends Conformance<ParticipantFixture> {

    static final Barrier.Key ACTION = new Barrier.Key(id(1), "send", CommandKind.ACTION);
    static final Barrier.Key COMPENSATION = new Barrier.Key(id(1), "send", CommandKind.COMPENSATION);
    static final UUID MESSAGE = id(71);
    static final UUID OTHER_MESSAGE = id(72);
    static final StoredReply DONE = new StoredReply(Outcome.SUCCESS, "parcel-sent", bytes("dönè"));
    static final StoredReply REFUSED = new StoredReply(Outcome.REJECTION, "too-late", new byte[0]);

    Barrier barrier() {
        return on.store().barrier("courier");
    }

    static Claim claim(Barrier.Key key, UUID message) {
        return new Claim(key, message, null, null, 0);
    }

    /** Those of the claims that made a row. */
    Set<Made> claimed(Claim... claims) {
        return transactions.get(() -> barrier().claim(List.of(claims)));
    }

    boolean isClaimed(Barrier.Key key) {
        return !claimed(claim(key, MESSAGE)).isEmpty();
    }

    void storeReply(Barrier.Key key, StoredReply reply) {
        transactions.run(() -> barrier().storeReplies(Map.of(key, reply)));
    }

    Loaded load(Barrier.Key... keys) {
        return transactions.get(() -> barrier().load(List.of(keys)));
    }

    void assertReply(Barrier.Key key, StoredReply expected) {
        assertThat(load(key).replies()).containsOnlyKeys(key).hasValueSatisfying(satisfying(expected));
    }

    private static Condition<StoredReply> satisfying(StoredReply expected) {
        return new Condition<>(
                reply -> reply.outcome() == expected.outcome()
                        && reply.type().equals(expected.type())
                        && Arrays.equals(reply.payload(), expected.payload()),
                "%s with those bytes",
                expected.type());
    }
}
