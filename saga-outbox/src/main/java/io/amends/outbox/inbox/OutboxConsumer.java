package io.amends.outbox.inbox;

import io.amends.outbox.inbox.MessageTaker.Place;
import io.amends.outbox.inbox.ParkedStore.Follower;
import io.amends.outbox.relay.LocalMessage;
import io.amends.outbox.relay.LocalReceiver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Takes each message once that the relay of the same application hands over, as {@link IdempotentConsumer} does with those
 * of Kafka. Positions in the outbox do not rise with time, so that no offset tells what was taken; the claimed ids do, and
 * a message without one is claimed by its position. Safe for use by many threads.
 */
public final class OutboxConsumer implements InboxWork, LocalReceiver {

    /** In place of the id that Kafka gives a topic; positions are never used again. */
    private static final UUID NO_TOPIC = new UUID(0, 0);

    private final String name;
    private final String idHeader;
    private final LongSupplier millis;
    private final MessageTaker taker;
    private final Place place = new Anywhere();

    /**
     * What consumers of one application share.
     *
     * @param jdbc on the database of the handlers' effects
     * @param transactions the transaction manager of that database, which the handlers use, too
     * @param millis the time, in milliseconds since 1970
     * @param chance from 0 to 1, spreads attempts
     */
    public record Dependencies(
            JdbcOperations jdbc, PlatformTransactionManager transactions, LongSupplier millis, DoubleSupplier chance) {}

    /**
     * @param name the name under which it remembers what it has taken; the same as over Kafka
     * @param idHeader the header that holds a message's id
     * @param handler what is done with a message
     */
    public OutboxConsumer(
            String name, String idHeader, MessageHandler handler, RetrySettings settings, Dependencies dependencies) {
        this.name = name;
        this.idHeader = idHeader;
        this.millis = dependencies.millis();
        this.taker = new MessageTaker(
                name, handler, settings, dependencies.jdbc(), dependencies.transactions(), dependencies.chance());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public InboxStats stats() {
        return taker.counts().stats();
    }

    @Override
    public ParkedRetries retries() {
        return taker.retries();
    }

    /**
     * Takes messages of one chunk.
     *
     * @throws RuntimeException if the database is away
     */
    @Override
    public void receive(List<LocalMessage> messages) {
        long now = millis.getAsLong();
        taker.takeAll(messages.stream().map(message -> received(message, now)).toList(), place);
    }

    private ReceivedMessage received(LocalMessage message, long now) {
        InboxRecord record = new KeptRecord(
                message.topic(),
                InboxRecord.OUTBOX,
                message.position(),
                now,
                message.key().getBytes(StandardCharsets.UTF_8),
                message.payload(),
                message.headers());
        ReceivedMessage received = MessageIds.identify(record, NO_TOPIC, idHeader);
        return new ReceivedMessage(received.id(), true, NO_TOPIC, record);
    }

    /** The relay keeps the place. */
    private final class Anywhere implements Place {

        @Override
        public Runnable move(List<ReceivedMessage> messages) {
            return () -> {};
        }

        @Override
        public List<Follower> fresh(ParkedStore parked, List<Follower> followers) {
            return parked.withoutRepeats(followers);
        }

        /**
         * No epoch is known here, so a process that was paused in a handler while another one took over its lane asks the
         * tables. The claim waits for a transaction that is taking the message. One that begins to take it before this one has
         * committed is not seen; then the message is taken and set aside, and recognised when it is tried.
         */
        @Override
        public boolean isSettled(ParkedStore parked, Inbox inbox, ReceivedMessage message) {
            if (inbox.claim(name, List.of(message.id())).isEmpty()) {
                return true;
            }
            inbox.forget(name, message.id());
            List<Follower> behind =
                    ParkedStore.followers(List.of(message), parked.setAside(List.of(message)), new ArrayList<>());
            return !behind.isEmpty() && parked.withoutRepeats(behind).isEmpty();
        }
    }
}
