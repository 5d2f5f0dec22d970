package io.amends.test.saga;

import io.amends.saga.definition.AnnotatedSagas;
import io.amends.saga.definition.InvalidSagaException;
import io.amends.saga.definition.SagaDefinition;
import java.time.Instant;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Tests a saga class as a conversation: the test plays the participants, the clock and the operator, and says what the
 * saga is expected to do.
 *
 * <pre>{@code
 * SagaTester.of(new MoneyTransferSaga())
 *         .given(transfer)
 *         .expectCommand("bank-a", new ReserveFunds(id, "alice", amount))
 *         .reply(new FundsReserved())
 *         .expectCommand("bank-b", CreditAccount.class)
 *         .reject(new AccountClosed("bob"))
 *         .expectCompensation("reserve-funds", new ReleaseFunds(id))
 *         .reply(new FundsReleased())
 *         .expectCompensated()
 *         .expectReason(ReasonCode.REJECTED);
 * }</pre>
 *
 * <p>The saga is read, checked and driven by the same code as in production. Only what surrounds it is played: the
 * instance is in memory, time passes when the test says so, and chance is a number. No transaction surrounds local steps
 * and hooks, and the framework's own protections of a participant (inbox, barrier) are not part of it.
 *
 * <p>Immutable: keep one in a field and begin each test with {@link #given}.
 */
public final class SagaTester {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final SagaDefinition definition;
    private final Instant start;
    private final double chance;
    private final Copying copying;

    private SagaTester(SagaDefinition definition, Instant start, double chance, Copying copying) {
        this.definition = definition;
        this.start = start;
        this.chance = chance;
        this.copying = copying;
    }

    /**
     * A tester of the saga that the object's class declares with {@link io.amends.saga.Saga}.
     *
     * @throws InvalidSagaException with every problem that the start of the application would tell of this class
     * @throws IllegalArgumentException if the class declares no saga, or is given instead of an object
     */
    public static SagaTester of(Object saga) {
        if (saga instanceof Class<?> type) {
            throw new IllegalArgumentException("Give an object, new %s(...), not the class: its methods are called."
                    .formatted(type.getSimpleName()));
        }
        return of(AnnotatedSagas.read(Objects.requireNonNull(saga, "saga")));
    }

    /** A tester of a saga that was built. */
    public static SagaTester of(SagaDefinition definition) {
        return new SagaTester(Objects.requireNonNull(definition, "definition"), NOON, 0.5, Copying.NONE);
    }

    /** The same, with conversations that begin then instead of at noon of 1 January 2026, UTC. */
    public SagaTester startingAt(Instant time) {
        return new SagaTester(definition, Objects.requireNonNull(time, "time"), chance, copying);
    }

    /**
     * The same, with that draw for every wait between two attempts that has jitter, instead of 0.5: a wait of at most a
     * minute takes half a minute.
     *
     * @param draw from 0 (inclusive) to 1 (exclusive)
     * @throws IllegalArgumentException if it is not in that range
     */
    public SagaTester chance(double draw) {
        if (!(draw >= 0 && draw < 1)) {
            throw new IllegalArgumentException("A draw is at least 0 and less than 1, not " + draw);
        }
        return new SagaTester(definition, start, draw, copying);
    }

    /**
     * The same, with the data after each event, and every command and reply, written and read as in production, with the
     * application's own mapper:
     *
     * <pre>{@code
     * .roundTrip(value -> mapper.readValue(mapper.writeValueAsBytes(value), value.getClass()))
     * }</pre>
     *
     * <p>What comes back different, as {@code equals} sees it, fails the test. Needed where the saga's data is mutable:
     * without it, what a method did to the data before it threw is not undone.
     */
    public SagaTester roundTrip(UnaryOperator<Object> writeAndRead) {
        return new SagaTester(
                definition, start, chance, new Copying(Objects.requireNonNull(writeAndRead, "writeAndRead")));
    }

    /**
     * Starts an instance with that data.
     *
     * @throws IllegalArgumentException if it is not the data of this saga
     */
    public SagaConversation given(Object data) {
        if (!definition.dataType().isInstance(data)) {
            throw new IllegalArgumentException("The data of saga '%s' is a %s, not a %s."
                    .formatted(
                            definition.name(),
                            definition.dataType().getSimpleName(),
                            data.getClass().getSimpleName()));
        }
        return SagaConversation.begin(new Instance(definition, copying, start, chance, data), data);
    }
}
