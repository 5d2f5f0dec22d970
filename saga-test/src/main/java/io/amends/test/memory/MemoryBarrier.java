package io.amends.test.memory;

import io.amends.runtime.store.Barrier;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.saga.engine.Outcome;
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
import org.springframework.dao.ConcurrencyFailureException;

/** Inbox and barrier in a {@link MemoryDatabase}. Safe for use by many threads. */
public final class MemoryBarrier implements Barrier {

    private final MemoryTable<Key, Row> rows;

    /** In that database, for that participant. */
    public MemoryBarrier(MemoryDatabase database, String participant) {
        this.rows = database.table("saga_inbox_command/" + participant);
    }

    private record Row(UUID messageId, @Nullable StoredReply reply, int round) {}

    @Override
    public Set<Made> claim(List<Claim> claims) {
        List<Claim> sorted = new ArrayList<>(claims);
        sorted.sort(Comparator.comparing(Claim::key, Key.ORDER));
        Set<Made> made = new HashSet<>();
        for (Claim claim : sorted) {
            StoredReply reply = claim.outcome() == null || claim.replyType() == null
                    ? null
                    : new StoredReply(claim.outcome(), claim.replyType(), new byte[0]);
            if (rows.insert(claim.key(), new Row(claim.messageId(), reply, claim.round()))) {
                made.add(new Made(claim.key(), claim.messageId()));
            }
        }
        return made;
    }

    @Override
    public Set<Made> renew(List<Claim> claims) {
        Set<Made> renewed = new HashSet<>();
        List<Claim> sorted = new ArrayList<>(claims);
        sorted.sort(Comparator.comparing(Claim::key, Key.ORDER));
        for (Claim claim : sorted) {
            rows.lock(claim.key())
                    .filter(row -> isRejectedByHandler(row) && row.round() < claim.round())
                    .ifPresent(row -> {
                        rows.put(claim.key(), new Row(claim.messageId(), null, claim.round()));
                        renewed.add(new Made(claim.key(), claim.messageId()));
                    });
        }
        return renewed;
    }

    @Override
    public void seal(Set<Key> actions) {
        for (Key key : actions.stream().sorted(Key.ORDER).toList()) {
            Row row = rows.lock(key).filter(MemoryBarrier::isRejectedByHandler).orElse(null);
            if (row == null) {
                throw new ConcurrencyFailureException("A rejected action was asked anew while its compensation ran.");
            }
            rows.put(key, new Row(row.messageId(), row.reply(), Integer.MAX_VALUE));
        }
    }

    private static boolean isRejectedByHandler(Row row) {
        StoredReply reply = row.reply();
        return reply != null && reply.outcome() == Outcome.REJECTION && !ReservedTypes.isReserved(reply.type());
    }

    @Override
    public Loaded load(List<Key> keys) {
        Loaded found = new Loaded(new HashMap<>(), new HashSet<>());
        for (Key key : keys) {
            Optional<Row> row = rows.get(key);
            if (row.isPresent()) {
                StoredReply reply = row.get().reply();
                if (reply == null) {
                    found.open().add(key);
                } else {
                    found.replies().put(key, reply);
                }
            }
        }
        return found;
    }

    @Override
    public void withdraw(List<Key> keys) {
        keys.forEach(rows::remove);
    }

    @Override
    public void close(Set<Key> actions, StoredReply reply) {
        for (Key key : actions.stream().sorted(Key.ORDER).toList()) {
            if (!answer(key, reply)) {
                throw new ConcurrencyFailureException("A deferred action was answered while its compensation ran.");
            }
        }
    }

    /** Stores a reply unless there is one; waits for another transaction that is about to. */
    boolean answer(Key key, StoredReply reply) {
        Optional<Row> open = rows.lock(key).filter(row -> row.reply() == null);
        open.ifPresent(row -> rows.put(key, new Row(row.messageId(), reply, row.round())));
        return open.isPresent();
    }

    @Override
    public void storeReplies(Map<Key, StoredReply> replies) {
        replies.forEach((key, reply) ->
                rows.get(key).ifPresent(row -> rows.put(key, new Row(row.messageId(), reply, row.round()))));
    }
}
