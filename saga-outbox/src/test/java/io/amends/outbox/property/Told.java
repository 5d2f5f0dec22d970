package io.amends.outbox.property;

import io.amends.outbox.AppendListener;
import io.amends.outbox.CommittedMessage;
import java.util.BitSet;

/** Whoever hears of the writers' commits at present. Safe for use by many threads. */
final class Told implements AppendListener {

    private volatile AppendListener present = NONE;

    void tell(AppendListener from) {
        present = from;
    }

    @Override
    public void committed(BitSet buckets) {
        present.committed(buckets);
    }

    @Override
    public boolean wants(short bucket) {
        return present.wants(bucket);
    }

    @Override
    public void committed(CommittedMessage message) {
        present.committed(message);
    }
}
