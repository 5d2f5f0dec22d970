package io.amends.spring.boot.test;

import io.amends.outbox.OutboxMessage;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.StartedSaga;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.MessageTypes;
import io.amends.saga.SagaKey;
import io.amends.test.simulation.MessageFate;
import io.amends.test.simulation.Simulation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Drives what a {@link SagaTest} has started: lets messages flow and time pass, lets messages get lost, and shows what
 * came of it. Nothing happens unless a method of it is called. Used by the test's thread alone.
 */
public final class SagaDriver {

    private final Supplier<Simulation> make;
    private final PayloadCodec codec;
    private @Nullable Simulation simulation;
    private int seen;

    /**
     * @param make makes a simulation in which nothing has happened
     * @param codec what its messages are read with
     */
    SagaDriver(Supplier<Simulation> make, PayloadCodec codec) {
        this.make = make;
        this.codec = codec;
    }

    void beginAnew() {
        simulation = make.get();
        seen = 0;
    }

    /** The simulation behind it, for whatever is not here; another one in each test method. */
    public Simulation simulation() {
        Simulation current = simulation;
        if (current == null) {
            current = make.get();
            simulation = current;
        }
        return current;
    }

    /**
     * Lets everything happen that can happen without time passing: messages are published, handled and answered.
     *
     * @throws IllegalStateException if it does not come to rest, or something threw where nothing may
     */
    public void settle() {
        check(simulation().settle(), "There was always more to do, without time passing.");
    }

    /**
     * Lets that much time pass; what becomes due meanwhile happens at its moment.
     *
     * @throws IllegalStateException if it does not come to rest at one of these moments, or something threw where
     *     nothing may
     */
    public void advance(Duration time) {
        check(simulation().advance(time), "There was always more to do, before %s had passed.".formatted(time));
    }

    /**
     * Lets as much time pass as it takes until nothing is left to do. Who waits for a signal, an operator or a deferred
     * reply is not waited for.
     *
     * @param most the most that may pass
     * @throws IllegalStateException if that is too little, or something threw where nothing may
     */
    public void untilQuiet(Duration most) {
        check(simulation().untilQuiet(most), "After %s something was still to be done.".formatted(most));
    }

    /** Lets that many things happen, in an order and with faults by chance that follow from the seed. */
    public void run(int steps) {
        simulation().run(steps);
        check(true, "");
    }

    private void check(boolean quiet, String otherwise) {
        List<String> troubles = simulation().troubles();
        if (troubles.size() > seen) {
            List<String> fresh = troubles.subList(seen, troubles.size());
            seen = troubles.size();
            throw new IllegalStateException(
                    "%d exceptions that no fault explains, the first: %s".formatted(fresh.size(), fresh.get(0)));
        }
        if (!quiet) {
            throw new IllegalStateException(
                    otherwise
                            + " See what is still sent by sent(...), and where the sagas are by saga(...); a limit of attempts or a deadline ends what else goes on for ever.");
        }
    }

    /** The virtual time. */
    public Instant now() {
        return simulation().now();
    }

    /** Says what becomes of the next message of that type, a command or a reply, that is sent from now on. */
    public MessageFate next(Class<?> message) {
        return simulation().next(message);
    }

    /** Says what becomes of every message of that type, until {@link #heal}. */
    public MessageFate every(Class<?> message) {
        return simulation().every(message);
    }

    /** From now on nothing goes wrong any more. */
    public void heal() {
        simulation().heal();
    }

    /** How that saga stands. */
    public SagaSnapshot saga(StartedSaga started) {
        return saga(started.sagaId());
    }

    /**
     * How the saga with that id stands.
     *
     * @throws IllegalArgumentException if there is none
     */
    public SagaSnapshot saga(UUID sagaId) {
        return found(simulation().sagas().find(sagaId), sagaId);
    }

    /**
     * How the saga of that name and key stands.
     *
     * @throws IllegalArgumentException if there is none
     */
    public SagaSnapshot saga(String name, SagaKey key) {
        return found(simulation().sagas().find(name, key), name + " " + key);
    }

    private static SagaSnapshot found(Optional<SagaSnapshot> saga, Object what) {
        return saga.orElseThrow(
                () -> new IllegalArgumentException("There is no saga %s in this test.".formatted(what)));
    }

    /** Every message of that type that was sent, in order, also those that came to nothing and those sent once more. */
    public <T> List<T> sent(Class<T> message) {
        String type = MessageTypes.nameOf(message);
        return simulation().sent().stream()
                .filter(sent -> type.equals(typeOf(sent)))
                .map(sent -> codec.decode(sent.payload(), message))
                .toList();
    }

    private static @Nullable String typeOf(OutboxMessage sent) {
        byte[] type = sent.headers().get(WireHeaders.TYPE);
        return type == null ? null : new String(type, StandardCharsets.UTF_8);
    }
}
