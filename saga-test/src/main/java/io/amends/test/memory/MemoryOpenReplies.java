package io.amends.test.memory;

import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.Barrier.StoredReply;
import io.amends.runtime.store.OpenReplies;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.ReplyToken;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Commands of a {@link MemoryDatabase} that are answered later. Safe for use by many threads. */
final class MemoryOpenReplies implements OpenReplies {

    private final MemoryTable<ReplyToken, Open> rows;
    private final Function<String, MemoryBarrier> barriers;

    MemoryOpenReplies(MemoryDatabase database, Function<String, MemoryBarrier> barriers) {
        this.rows = database.table("saga_deferred_reply");
        this.barriers = barriers;
    }

    @Override
    public void keep(List<Open> replies) {
        for (Open reply : replies) {
            rows.values().stream()
                    .filter(earlier -> earlier.participant().equals(reply.participant())
                            && key(earlier).equals(key(reply)))
                    .forEach(earlier -> rows.remove(earlier.token()));
            rows.put(reply.token(), reply);
        }
    }

    @Override
    public List<Open> find(List<ReplyToken> tokens) {
        Set<ReplyToken> answered = answers(tokens).keySet();
        return tokens.stream()
                .filter(token -> !answered.contains(token))
                .flatMap(token -> rows.get(token).stream())
                .toList();
    }

    @Override
    public List<Open> answer(Map<ReplyToken, StoredReply> replies) {
        List<Open> known = new ArrayList<>();
        replies.keySet().forEach(token -> rows.get(token).ifPresent(known::add));
        known.sort(Comparator.comparing(Open::participant).thenComparing(MemoryOpenReplies::key, Barrier.Key.ORDER));
        return known.stream()
                .filter(open -> barriers.apply(open.participant())
                        .answer(key(open), Objects.requireNonNull(replies.get(open.token()))))
                .toList();
    }

    @Override
    public Map<ReplyToken, StoredReply> answers(List<ReplyToken> tokens) {
        Map<ReplyToken, StoredReply> found = new HashMap<>();
        for (ReplyToken token : tokens) {
            Optional<Open> open = rows.get(token);
            if (open.isPresent()) {
                Barrier.Key key = key(open.get());
                StoredReply reply = barriers.apply(open.get().participant())
                        .load(List.of(key))
                        .replies()
                        .get(key);
                if (reply != null) {
                    found.put(token, reply);
                }
            }
        }
        return found;
    }

    private static Barrier.Key key(Open open) {
        SagaMessage command = open.command();
        return new Barrier.Key(command.sagaId(), command.step(), command.kind());
    }
}
