package io.amends.runtime;

import io.amends.outbox.AppendListener;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.TraceHeaders;
import io.amends.runtime.flow.FlowControl;
import io.amends.runtime.flow.Traffic;
import io.amends.runtime.observation.SagaObserver;
import io.amends.runtime.orchestrator.JdbcSagaStore;
import io.amends.runtime.orchestrator.JdbcWaitingReplies;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.participant.AnnotatedParticipants;
import io.amends.runtime.participant.DeferredAnswers;
import io.amends.runtime.participant.JdbcParticipantStore;
import io.amends.runtime.participant.Participant;
import io.amends.runtime.participant.ParticipantDefinition;
import io.amends.runtime.participant.RedeliverySettings;
import io.amends.runtime.quarantine.JdbcQuarantine;
import io.amends.runtime.quarantine.Quarantine;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.JacksonPayloadCodec;
import io.amends.runtime.wire.MessageFactory;
import io.amends.runtime.wire.MessageFactory.CommandHeader;
import io.amends.runtime.wire.MessageSecurity;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.SagaMessage;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.Command;
import io.amends.saga.MessageTypes;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What participant and orchestrator work with, on a real database, and the tests' part of the transport: records are made
 * here and handed over directly, so that order, repeats and polls are the test's choice; what was sent is read in the
 * outbox.
 */
public final class Bench {

    /** Small, so that a message that is too large is cheap to make. */
    private static final OutboxLimits LIMITS = new OutboxLimits(20_000);

    private static final AtomicLong OFFSETS = new AtomicLong();

    public final TestDatabase database;
    public final SqlWatch watch;
    public final JdbcTemplate jdbc;
    public final JdbcTransactionManager transactions;
    public final JdbcOutbox outbox;
    public final Quarantine quarantine;
    public final PayloadCodec codec = new JacksonPayloadCodec();
    public final MessageFactory messages;

    public Bench(TestDatabase database) {
        this(database, database.dataSource());
    }

    /** With another pool on that database. */
    public Bench(TestDatabase database, DataSource pool) {
        this(database, pool, MessageSecurity.NONE);
    }

    /** With protected messages. */
    public Bench(TestDatabase database, MessageSecurity security) {
        this(database, database.dataSource(), security);
    }

    private Bench(TestDatabase database, DataSource pool, MessageSecurity security) {
        this.messages = new MessageFactory(
                UUID::randomUUID, System::currentTimeMillis, codec.contentType(), TraceHeaders.NONE, security);
        this.database = database;
        this.watch = new SqlWatch(pool);
        this.jdbc = new JdbcTemplate(watch.dataSource());
        this.transactions = new JdbcTransactionManager(watch.dataSource());
        this.outbox = new JdbcOutbox(watch.dataSource(), LIMITS, AppendListener.NONE);
        this.quarantine = new JdbcQuarantine(jdbc);
    }

    public TransactionTemplate transaction() {
        return new TransactionTemplate(transactions);
    }

    public Participant participant(String name, Object handlers, RedeliverySettings settings) {
        return new Participant(
                AnnotatedParticipants.read(name, handlers.getClass(), handlers), participantDependencies(), settings);
    }

    /** A participant that a saga is to the steps of others. */
    public Participant participant(ParticipantDefinition definition) {
        return new Participant(definition, participantDependencies(), RedeliverySettings.DEFAULT);
    }

    /** What answers commands later; it knows the contracts of those participants. */
    public DeferredReplies deferredReplies(Participant... known) {
        return new DeferredAnswers(
                participantDependencies(),
                name -> Stream.of(known)
                        .map(Participant::definition)
                        .filter(definition -> definition.name().equals(name))
                        .findFirst());
    }

    private Participant.Dependencies participantDependencies() {
        return new Participant.Dependencies(
                new JdbcParticipantStore(jdbc),
                transactions,
                outbox,
                codec,
                messages,
                quarantine,
                System::currentTimeMillis,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    public Orchestration orchestration(SagaRegistry registry, SagaListener... listeners) {
        return orchestration(registry, System::currentTimeMillis, listeners);
    }

    /** One whose machine has that clock. */
    public Orchestration orchestration(SagaRegistry registry, LongSupplier millis, SagaListener... listeners) {
        return new Orchestration(
                registry,
                new Orchestration.Dependencies(
                        new JdbcSagaStore(jdbc),
                        new JdbcWaitingReplies(jdbc),
                        transactions,
                        outbox,
                        codec,
                        messages,
                        quarantine,
                        List.of(listeners),
                        UUID::randomUUID,
                        millis,
                        () -> 0.5),
                deferredReplies());
    }

    /** One that keeps a saga's data after each event that changed it. */
    public Orchestration keepingData(SagaRegistry registry) {
        JdbcSagaStore store = new JdbcSagaStore(jdbc);
        return new Orchestration(
                registry,
                new Orchestration.Dependencies(
                        store,
                        store,
                        Traffic.FREE,
                        new JdbcWaitingReplies(jdbc),
                        transactions,
                        outbox,
                        codec,
                        messages,
                        quarantine,
                        List.of(),
                        UUID::randomUUID,
                        System::currentTimeMillis,
                        () -> 0.5,
                        true));
    }

    /** One that is observed. */
    public Orchestration observed(SagaRegistry registry, SagaObserver observer) {
        return new Orchestration(
                registry,
                new Orchestration.Dependencies(
                        new JdbcSagaStore(jdbc),
                        new JdbcWaitingReplies(jdbc),
                        transactions,
                        outbox,
                        codec,
                        messages,
                        quarantine,
                        List.of(),
                        UUID::randomUUID,
                        System::currentTimeMillis,
                        () -> 0.5),
                deferredReplies(),
                observer);
    }

    /** One with flow control, as a process of its own has it. */
    public Orchestration orchestration(SagaRegistry registry, FlowControl flow) {
        JdbcSagaStore store = new JdbcSagaStore(jdbc);
        return new Orchestration(
                registry,
                new Orchestration.Dependencies(
                        store,
                        store,
                        flow,
                        new JdbcWaitingReplies(jdbc),
                        transactions,
                        outbox,
                        codec,
                        messages,
                        quarantine,
                        List.of(),
                        UUID::randomUUID,
                        System::currentTimeMillis,
                        () -> 0.5));
    }

    /** A command as a participant's consumer gets it; each call makes another message of the same command. */
    public InboundRecord command(String participant, UUID saga, String step, CommandKind kind, Command<?> command) {
        CommandHeader header = new CommandHeader(saga, "place-order", 1, step, kind, 1, 1, 0, 0, null);
        return Sent.of(messages.command(header, participant, command, codec.encode(command)))
                .at(OFFSETS.incrementAndGet());
    }

    /** A participant's answer to a command that was sent. */
    public InboundRecord reply(Sent command, Reply reply) {
        return reply(
                command,
                command.topic().replaceAll("^saga\\.|\\.commands$", ""),
                MessageTypes.nameOf(reply.getClass()),
                reply instanceof Rejection ? Outcome.REJECTION : Outcome.SUCCESS,
                codec.encode(reply));
    }

    public InboundRecord reply(Sent command, String participant, String type, Outcome outcome, byte[] payload) {
        SagaMessage asked = SagaMessage.command(command.at(0));
        return Sent.of(messages.reply(asked, participant, type, outcome, payload, asked.clock() + 1))
                .at(OFFSETS.incrementAndGet());
    }

    /** The command as if it were of another step. */
    public Sent step(Sent command, String step) {
        Map<String, byte[]> headers = new HashMap<>(command.headers());
        headers.put(WireHeaders.SAGA_STEP, step.getBytes(StandardCharsets.UTF_8));
        return new Sent(command.id(), command.topic(), command.key(), command.type(), command.payload(), headers);
    }

    /** The same record with that header, or without it. */
    public static InboundRecord with(InboundRecord record, String header, @Nullable String value) {
        Map<String, byte[]> headers = new HashMap<>(record.headers());
        headers.remove(header);
        if (value != null) {
            headers.put(header, value.getBytes(StandardCharsets.UTF_8));
        }
        return new InboundRecord(
                record.topic(), record.partition(), record.offset(), record.key(), record.value(), headers);
    }

    /** The same record, published once more. */
    public static InboundRecord again(InboundRecord record) {
        return new InboundRecord(
                record.topic(),
                record.partition(),
                OFFSETS.incrementAndGet(),
                record.key(),
                record.value(),
                record.headers());
    }

    /** What is in the outbox, in order. */
    public List<Sent> sent() {
        return database.jdbc().query("select * from saga_outbox order by position", (row, number) -> Sent.of(row));
    }

    /** Takes what is in the outbox, as a relay does. */
    public List<Sent> take() {
        record Taken(long position, Sent sent) {}
        return database
                .jdbc()
                .query(
                        "delete from saga_outbox returning *",
                        (row, number) -> new Taken(row.getLong("position"), Sent.of(row)))
                .stream()
                .sorted(Comparator.comparing(Taken::position))
                .map(Taken::sent)
                .toList();
    }
}
