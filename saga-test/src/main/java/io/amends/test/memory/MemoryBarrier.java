package io.amends.test.memory;

import io.amends.runtime.store.Barrier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Inbox and barrier in a {@link MemoryDatabase}. Safe for use by many threads. */
public final class MemoryBarrier implements Barrier {

    private final MemoryTable<Key, Row> rows;

    /** In that database, for that participant. */
    public MemoryBarrier(MemoryDatabase database, String participant) {
        this.rows = database.table("saga_inbox_command/" + participant);
    }

    private record Row(UUID messageId, @Nullable StoredReply reply) {}

    @Override
    public Set<Made> claim(List<Claim> claims) {
        List<Claim> sorted = new ArrayList<>(claims);
        sorted.sort(Comparator.comparing(Claim::key, Key.ORDER));
        Set<Made> made = new HashSet<>();
        for (Claim claim : sorted) {
            StoredReply reply = claim.outcome() == null || claim.replyType() == null
                    ? null
                    : new StoredReply(claim.outcome(), claim.replyType(), new byte[0]);
            if (rows.insert(claim.key(), new Row(claim.messageId(), reply))) {
                made.add(new Made(claim.key(), claim.messageId()));
            }
        }
        return made;
    }

    @Override
    public Map<Key, StoredReply> load(List<Key> keys) {
        Map<Key, StoredReply> found = new HashMap<>();
        for (Key key : keys) {
            Optional<Row> row = rows.get(key);
            if (row.isPresent() && row.get().reply() != null) {
                found.put(key, row.get().reply());
            }
        }
        return found;
    }

    @Override
    public void withdraw(List<Key> keys) {
        keys.forEach(rows::remove);
    }

    @Override
    public void storeReplies(Map<Key, StoredReply> replies) {
        replies.forEach((key, reply) -> rows.get(key).ifPresent(row -> rows.put(key, new Row(row.messageId(), reply))));
    }
}
