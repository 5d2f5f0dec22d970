package io.amends.outbox.inbox;

import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.failure.Infrastructure;
import io.amends.outbox.inbox.ParkedStore.Follower;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes messages once, wherever they come from: in one transaction all of them, and if one throws each in a transaction of
 * its own; who throws again is set aside with its key. Safe for use by many threads.
 */
final class MessageTaker {

    private static final Logger log = LoggerFactory.getLogger(IdempotentConsumer.class);

    private final String name;
    private final MessageHandler handler;
    private final RetrySettings settings;
    private final DoubleSupplier chance;
    private final TransactionTemplate transaction;
    private final Inbox inbox;
    private final ParkedStore parked;
    private final ParkedRetries retries;
    private final InboxCounts counts = new InboxCounts();

    /** How far the consumer is, where the messages come from. */
    interface Place {

        /** Moves behind those messages, in the running transaction; what is returned is run after its commit. */
        Runnable move(List<ReceivedMessage> messages);

        /** What of those is to be put behind their keys. */
        List<Follower> fresh(ParkedStore parked, List<Follower> followers);

        /** Whether another owner of the place has taken or set aside that message while this one was at it. */
        boolean isSettled(ParkedStore parked, Inbox inbox, ReceivedMessage message);
    }

    MessageTaker(
            String name,
            MessageHandler handler,
            RetrySettings settings,
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            DoubleSupplier chance) {
        this.name = name;
        this.handler = handler;
        this.settings = settings;
        this.chance = chance;
        this.transaction = new TransactionTemplate(transactions);
        this.inbox = new Inbox(jdbc);
        this.parked = new ParkedStore(jdbc, name);
        this.retries = new ParkedRetries(name, parked, inbox, transaction, this::handle, settings, chance, counts);
    }

    InboxCounts counts() {
        return counts;
    }

    TransactionTemplate transaction() {
        return transaction;
    }

    ParkedRetries retries() {
        return retries;
    }

    /**
     * Takes all of them.
     *
     * @throws FencedPollException if the place is somebody else's
     */
    void takeAll(List<ReceivedMessage> messages, Place place) {
        if (messages.isEmpty()) {
            return;
        }
        try {
            takeTogether(messages, place);
        } catch (FencedPollException fenced) {
            throw fenced;
        } catch (RuntimeException thrown) {
            Infrastructure.rethrowIfUnreachable(thrown);
            if (messages.size() == 1) {
                setAside(messages.get(0), thrown, place);
                return;
            }
            counts.pollsRolledBack.increment();
            log.warn(
                    "Consumer '{}': {} messages were rolled back and are taken one by one, because of {}",
                    name,
                    messages.size(),
                    ErrorText.kind(HandlerException.told(thrown)));
            messages.forEach(message -> takeAlone(message, place));
        }
    }

    private void takeAlone(ReceivedMessage message, Place place) {
        try {
            takeTogether(List.of(message), place);
        } catch (FencedPollException fenced) {
            throw fenced;
        } catch (RuntimeException thrown) {
            Infrastructure.rethrowIfUnreachable(thrown);
            setAside(message, thrown, place);
        }
    }

    /** One transaction; what was done is counted once it has committed. */
    private void takeTogether(List<ReceivedMessage> messages, Place place) {
        long[] handled = new long[1];
        long[] duplicates = new long[1];
        Runnable moved = transaction.execute(status -> {
            Runnable afterwards = place.move(messages);
            List<ReceivedMessage> others = new ArrayList<>();
            List<Follower> followers = ParkedStore.followers(messages, parked.setAside(messages), others);
            List<Follower> fresh = place.fresh(parked, followers);
            duplicates[0] += followers.size() - fresh.size();
            parked.follow(fresh);
            Set<UUID> claimed = new HashSet<>(inbox.claim(
                    name,
                    others.stream()
                            .filter(ReceivedMessage::identified)
                            .map(ReceivedMessage::id)
                            .toList()));
            for (ReceivedMessage message : others) {
                // Removed, so that of an id that comes twice in this poll the second is a repeat.
                if (message.identified() && !claimed.remove(message.id())) {
                    duplicates[0]++;
                } else {
                    handle(message);
                    handled[0]++;
                }
            }
            return afterwards;
        });
        moved.run();
        counts.handled.add(handled[0]);
        counts.duplicates.add(duplicates[0]);
    }

    private void setAside(ReceivedMessage message, RuntimeException thrown, Place place) {
        Throwable told = HandlerException.told(thrown);
        Long wait = told instanceof UnprocessableMessageException || settings.attempts() == 1
                ? null
                : (Long) settings.waitMillis(1, chance);
        String reason = ErrorText.of(told);
        boolean[] settled = new boolean[1];
        Runnable moved = transaction.execute(status -> {
            Runnable afterwards = place.move(List.of(message));
            settled[0] = place.isSettled(parked, inbox, message);
            if (!settled[0]) {
                parked.park(message, reason, wait);
            }
            return afterwards;
        });
        moved.run();
        if (settled[0]) {
            counts.duplicates.increment();
            return;
        }
        if (wait == null) {
            counts.parked.increment();
            log.error(
                    "Consumer '{}': {} is parked with its key: {}; saga_inbox_parked has its words",
                    name,
                    message.place(),
                    ErrorText.kind(told));
        } else {
            log.warn(
                    "Consumer '{}': attempt 1 of {} at {} threw; the next one in {} ms: {}; saga_inbox_parked has its words",
                    name,
                    settings.attempts(),
                    message.place(),
                    wait,
                    ErrorText.kind(told));
        }
    }

    private void handle(ReceivedMessage message) {
        try {
            handler.handle(message);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new HandlerException(interrupted);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError thrown) {
            throw new HandlerException(thrown);
        }
    }
}
