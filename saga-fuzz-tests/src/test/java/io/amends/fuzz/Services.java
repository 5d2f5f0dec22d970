package io.amends.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.amends.outbox.OutboxLimits;
import io.amends.outbox.OutboxMessage;
import io.amends.outbox.TraceHeaders;
import io.amends.runtime.flow.Traffic;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.participant.AnnotatedParticipants;
import io.amends.runtime.participant.DeferredAnswers;
import io.amends.runtime.participant.Participant;
import io.amends.runtime.participant.RedeliverySettings;
import io.amends.runtime.security.KeysInMemory;
import io.amends.runtime.security.MessageProtection;
import io.amends.runtime.security.ProtectionSettings;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.JacksonPayloadCodec;
import io.amends.runtime.wire.MessageFactory;
import io.amends.runtime.wire.MessageFactory.CommandHeader;
import io.amends.runtime.wire.MessageSecurity;
import io.amends.saga.SagaKey;
import io.amends.saga.definition.AnnotatedSagas;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.CommandKind;
import io.amends.test.memory.MemoryDatabase;
import io.amends.test.memory.MemoryOutbox;
import io.amends.test.memory.MemoryParticipantStore;
import io.amends.test.memory.MemoryQuarantine;
import io.amends.test.memory.MemorySagaStore;
import io.amends.test.memory.MemoryWaitingReplies;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** An orchestrator and a participant in memory, new for each input: what they read is what is fuzzed. */
final class Services {

    /** Signatures and encryption that are required; nobody but a service has the keys. */
    static final MessageSecurity PROTECTED = new MessageProtection(
            new ProtectionSettings(
                    new ProtectionSettings.Signing("s", true, Set.of()), new ProtectionSettings.Sealing("e", true)),
            new KeysInMemory(Map.of("s", key(1)), Map.of("e", key(2))),
            bytes -> Arrays.fill(bytes, (byte) 7));

    private static final JacksonPayloadCodec CODEC = new JacksonPayloadCodec();

    final MemoryDatabase database = new MemoryDatabase("fuzz", () -> Instant.EPOCH);
    final MemoryOutbox outbox = new MemoryOutbox(database, new OutboxLimits(1_000_000));
    final MemoryQuarantine quarantine = new MemoryQuarantine(database);
    final MemorySagaStore sagas = new MemorySagaStore(database);

    private final AtomicLong ids = new AtomicLong();
    private final MessageFactory messages;

    Services(MessageSecurity security) {
        this.messages = new MessageFactory(this::id, () -> 1_000, CODEC.contentType(), TraceHeaders.NONE, security);
    }

    private UUID id() {
        return new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0000L | ids.incrementAndGet());
    }

    private static String key(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return Base64.getEncoder().encodeToString(bytes);
    }

    Participant participant() {
        Warehouse warehouse = new Warehouse();
        return new Participant(
                AnnotatedParticipants.read("warehouse", Warehouse.class, warehouse),
                answering(),
                RedeliverySettings.DEFAULT);
    }

    private Participant.Dependencies answering() {
        return new Participant.Dependencies(
                new MemoryParticipantStore(database),
                database.transactions(),
                outbox,
                CODEC,
                messages,
                quarantine,
                () -> 1_000,
                () -> 0.5);
    }

    /** One that has started an order; its id is that of the corpus. */
    Orchestration orchestration() {
        Warehouse.OrderSaga saga = new Warehouse.OrderSaga();
        Orchestration made = new Orchestration(
                SagaRegistry.of(List.of(), Map.of(Warehouse.OrderSaga.class, AnnotatedSagas.read(saga))),
                new Orchestration.Dependencies(
                        sagas,
                        sagas,
                        Traffic.FREE,
                        new MemoryWaitingReplies(database, sagas),
                        database.transactions(),
                        outbox,
                        CODEC,
                        messages,
                        quarantine,
                        List.of(),
                        this::id,
                        () -> 1_000,
                        () -> 0.5,
                        false),
                new DeferredAnswers(answering(), name -> Optional.empty()));
        made.sagas().start(Warehouse.OrderSaga.class, new Warehouse.Order("o1"), SagaKey.of("o1"));
        return made;
    }

    /** A command that nothing is wrong with, of another saga than that of the corpus. */
    InboundRecord goodCommand(long offset) {
        CommandHeader header =
                new CommandHeader(new UUID(1, 2), "order", 1, "reserve", CommandKind.ACTION, 1, 1, 0, 0, null);
        OutboxMessage message = messages.command(
                header, "warehouse", "reserve", CODEC.encode(new Warehouse.Reserve("good", 1, List.of())));
        return new InboundRecord(
                message.topic(), 0, offset, message.key().getBytes(UTF_8), message.payload(), message.headers());
    }
}
