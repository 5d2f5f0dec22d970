package io.amends.outbox.relay;

import io.amends.outbox.HeaderCodec;
import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.failure.Infrastructure;
import io.amends.outbox.relay.Publisher.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One chunk on its way to the receivers of this process. Each topic's messages are handed over together. Where a receiver
 * throws, they go one by one, so that the culprit stands alone; what follows it in its key waits. Used by one thread.
 */
final class LocalHandOver {

    /** A receiver parks by itself what its handlers can't take; a message that it throws upon so often is parked here. */
    static final int ATTEMPTS = 5;

    /** The code of a message upon which a receiver threw so often. */
    static final String RECEIVER_FAILED = "RECEIVER_FAILED";

    private final LocalReceivers receivers;
    private final Map<Long, Integer> attempts;
    private final AwayTopics away;
    private final BooleanSupplier mayGoOn;
    private final Map<Long, OutboxRow> rows = new LinkedHashMap<>();
    private final List<Long> taken = new ArrayList<>();
    private @Nullable Failure failure;
    private boolean over;

    /** The receivers of the present topic lack something; others may have all that they need. */
    private boolean topicOver;

    /** So it was with a topic before, and nothing was taken since: then it is everybody's database. */
    private boolean awayBefore;

    /**
     * @param attempts by position, how often a receiver threw upon a message; kept from chunk to chunk
     * @param away told of topics whose receivers lack something
     * @param mayGoOn asked before each call of a receiver
     */
    LocalHandOver(LocalReceivers receivers, Map<Long, Integer> attempts, AwayTopics away, BooleanSupplier mayGoOn) {
        this.receivers = receivers;
        this.attempts = attempts;
        this.away = away;
        this.mayGoOn = mayGoOn;
    }

    void run(List<OutboxRow> chunk) {
        Map<String, List<OutboxRow>> byTopic = new LinkedHashMap<>();
        for (OutboxRow row : chunk) {
            rows.put(row.position(), row);
            byTopic.computeIfAbsent(row.topic(), topic -> new ArrayList<>()).add(row);
        }
        byTopic.forEach(this::handOver);
        if (!attempts.isEmpty()) {
            taken.forEach(attempts::remove);
        }
    }

    /** The positions of what all receivers of their topic have taken. */
    List<Long> taken() {
        return taken;
    }

    /** What is to be acted on, null if there is nothing. */
    @Nullable
    Failure failure() {
        return failure;
    }

    private void handOver(String topic, List<OutboxRow> ofTopic) {
        List<LocalReceivers.Entry> entries = receivers.of(topic);
        if (entries.isEmpty()) {
            failed(ofTopic.get(0), new UnreceivableException(LocalPublisher.NO_RECEIVER, "Nobody takes it", null));
            return;
        }
        List<LocalMessage> open = readable(ofTopic);
        for (LocalReceivers.Entry entry : entries) {
            open = handOver(open, entry);
        }
        open.forEach(message -> taken.add(message.position()));
        if (!open.isEmpty()) {
            away.over(topic);
        }
    }

    /** Those whose headers can be read, without what follows one of the others in its key. */
    private List<LocalMessage> readable(List<OutboxRow> ofTopic) {
        List<LocalMessage> messages = new ArrayList<>(ofTopic.size());
        Set<String> waiting = new HashSet<>();
        for (OutboxRow row : ofTopic) {
            if (waiting.contains(row.key())) {
                continue;
            }
            try {
                messages.add(new LocalMessage(
                        row.position(), row.topic(), row.key(), row.payload(), HeaderCodec.decode(row.headers())));
            } catch (IllegalArgumentException damaged) {
                waiting.add(row.key());
                failed(row, new UnreceivableException("NOT_SERIALISABLE", ErrorText.of(damaged), damaged));
            }
        }
        return messages;
    }

    /** Those that this receiver took. */
    private List<LocalMessage> handOver(List<LocalMessage> messages, LocalReceivers.Entry to) {
        topicOver = false;
        List<LocalMessage> took = new ArrayList<>(messages.size());
        Set<String> waiting = new HashSet<>();
        for (int from = 0; from < messages.size(); from += to.most()) {
            List<LocalMessage> poll = messages.subList(from, Math.min(messages.size(), from + to.most())).stream()
                    .filter(message -> !waiting.contains(message.key()))
                    .toList();
            if (!poll.isEmpty()) {
                handOver(poll, to.receiver(), took, waiting);
            }
        }
        return took;
    }

    private void handOver(List<LocalMessage> poll, LocalReceiver to, List<LocalMessage> took, Set<String> waiting) {
        if (topicOver) {
            return;
        }
        if (over || !mayGoOn.getAsBoolean()) {
            over = true;
            return;
        }
        try {
            to.receive(poll);
            took.addAll(poll);
            awayBefore = false;
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError thrown) {
            LocalMessage first = poll.get(0);
            if (Infrastructure.isAway(thrown)) {
                poll.forEach(message -> waiting.add(message.key()));
                if (Infrastructure.lostRace(thrown)) {
                    failed(row(first), thrown);
                } else {
                    lacks(first, thrown);
                }
            } else if (poll.size() > 1) {
                for (LocalMessage message : poll) {
                    if (!waiting.contains(message.key())) {
                        handOver(List.of(message), to, took, waiting);
                    }
                }
            } else {
                waiting.add(first.key());
                threw(first, thrown);
            }
        }
    }

    private void lacks(LocalMessage first, Throwable thrown) {
        topicOver = true;
        over = awayBefore;
        awayBefore = true;
        boolean givenUp = away.met(first.topic());
        failed(
                row(first),
                givenUp
                        ? new UnreceivableException(LocalPublisher.RECEIVER_AWAY, ErrorText.of(thrown), thrown)
                        : thrown);
    }

    private void threw(LocalMessage message, Throwable thrown) {
        int threw = attempts.merge(message.position(), 1, Integer::sum);
        if (threw < ATTEMPTS) {
            failed(row(message), thrown);
            return;
        }
        String text = "It was thrown upon %d times, last by %s".formatted(threw, ErrorText.of(thrown));
        failed(row(message), new UnreceivableException(RECEIVER_FAILED, text, thrown));
    }

    private OutboxRow row(LocalMessage message) {
        OutboxRow row = rows.get(message.position());
        if (row == null) {
            throw new IllegalStateException("Position %d is not of this chunk".formatted(message.position()));
        }
        return row;
    }

    /** One failure is acted on at a time; one for good goes before one that is only to be waited for. */
    private void failed(OutboxRow row, Throwable thrown) {
        boolean forGood = thrown instanceof UnreceivableException;
        if (failure == null || (forGood && !(failure.cause() instanceof UnreceivableException))) {
            failure = new Failure(
                    row, thrown instanceof Exception exception ? exception : new IllegalStateException(thrown));
        }
    }
}
