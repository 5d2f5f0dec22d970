package io.amends.dashboard;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.database.ConsoleSchema;
import io.amends.outbox.AppendListener;
import io.amends.outbox.HeaderCodec;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.OutboxMessage;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.runtime.flow.Traffic;
import io.amends.runtime.orchestrator.JdbcSagaStore;
import io.amends.runtime.orchestrator.JdbcWaitingReplies;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.orchestrator.SagaNodes;
import io.amends.runtime.orchestrator.SagaVersions;
import io.amends.runtime.quarantine.JdbcQuarantine;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.JacksonPayloadCodec;
import io.amends.runtime.wire.MessageFactory;
import io.amends.runtime.wire.SagaMessage;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.MessageTypes;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.definition.AnnotatedSagas;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.engine.Outcome;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * The parcel service on a database of its own: a real orchestrator and its tables. The test is the relay, Kafka and all
 * participants, and says how time passes.
 */
public final class Depot implements AutoCloseable {

    private static final AtomicLong OFFSETS = new AtomicLong();
    private static final SagaSchema.Scripts RUNTIME = new SagaSchema.Scripts("io/amends/runtime/schema", List.of());

    private final HikariDataSource pool;
    public final JdbcTemplate jdbc;
    private final JdbcTransactionManager transactions;
    private final JdbcOutbox outbox;
    private final JacksonPayloadCodec codec = new JacksonPayloadCodec();
    private final MessageFactory messages =
            new MessageFactory(UUID::randomUUID, System::currentTimeMillis, codec.contentType());
    public final SagaRegistry registry = registry();

    public Depot() {
        this(Plain.URL);
    }

    /** With the console's tables too. */
    static Depot withConsole() {
        return new Depot(WithConsole.URL);
    }

    /** On a copy of that database. */
    private Depot(String original) {
        pool = pool(EmbeddedPostgresServer.shared().copyOf(original));
        jdbc = new JdbcTemplate(pool);
        transactions = new JdbcTransactionManager(pool);
        outbox = new JdbcOutbox(pool, new OutboxLimits(20_000), AppendListener.NONE);
        new SagaVersions(jdbc, registry).check();
    }

    /** Migrated once, for all tests of this JVM. */
    private static final class Plain {
        static final String URL = migrated(List.of(SagaSchema.OUTBOX, RUNTIME));
    }

    /** Likewise. */
    private static final class WithConsole {
        static final String URL = migrated(List.of(SagaSchema.OUTBOX, RUNTIME, ConsoleSchema.SCRIPTS));
    }

    private static String migrated(List<SagaSchema.Scripts> scripts) {
        String url = EmbeddedPostgresServer.shared().freshDatabase();
        try (HikariDataSource pool = pool(url)) {
            new SagaSchema(pool, SchemaMode.MIGRATE, scripts).apply();
        }
        return url;
    }

    private static HikariDataSource pool(String url) {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername(server.username());
        pool.setPassword(server.password());
        pool.setMaximumPoolSize(4);
        pool.setMinimumIdle(0);
        return pool;
    }

    public HikariDataSource pool() {
        return pool;
    }

    /** Reads as the console does, with a limit that a busy machine keeps. */
    public BoundedReads reads() {
        return new BoundedReads(pool, Duration.ofSeconds(20));
    }

    private static SagaRegistry registry() {
        Map<Class<?>, SagaDefinition> declared = new HashMap<>();
        Stream.of(new Deliveries.DeliverySaga(), new Deliveries.ErrandSaga(), new Deliveries.InquirySaga())
                .forEach(saga -> declared.put(saga.getClass(), AnnotatedSagas.read(saga)));
        return SagaRegistry.of(List.of(), declared);
    }

    /** A process that holds nothing back. */
    public Orchestration orchestration() {
        return orchestration(registry, Traffic.FREE);
    }

    /** A process with those definitions, that holds back what that says. */
    public Orchestration orchestration(SagaRegistry known, Traffic traffic) {
        JdbcSagaStore store = new JdbcSagaStore(jdbc);
        return new Orchestration(
                known,
                new Orchestration.Dependencies(
                        store,
                        store,
                        traffic,
                        new JdbcWaitingReplies(jdbc),
                        transactions,
                        outbox,
                        codec,
                        messages,
                        new JdbcQuarantine(jdbc),
                        List.of(),
                        UUID::randomUUID,
                        System::currentTimeMillis,
                        () -> 0.5));
    }

    /** Signs of life of a process with those definitions. */
    public SagaNodes node(String name, SagaRegistry known) {
        return new SagaNodes(jdbc, transactions, known, name);
    }

    /** Empties all tables but the definitions. */
    public void clear() {
        jdbc.execute("""
                truncate saga_outbox, saga_parked, saga_parked_key, saga_instance, saga_step, saga_history, saga_waiting_reply,
                         saga_inbox_command, saga_inbox_redelivery, saga_inbox_quarantine, saga_deferred_reply, saga_sub_saga,
                         saga_semantic_lock, saga_semantic_lock_waiter, saga_semantic_lock_release, saga_participant_flow,
                         saga_flow_setting, saga_audit, saga_node, saga_node_definition""");
    }

    /** A message as it lay in the outbox. */
    public record Sent(UUID id, String topic, String key, String type, byte[] payload, Map<String, byte[]> headers) {

        private InboundRecord at(long offset) {
            return new InboundRecord(topic, 0, offset, key.getBytes(StandardCharsets.UTF_8), payload, headers);
        }
    }

    /** Takes what is in the outbox, as a relay does. */
    public List<Sent> take() {
        record Taken(long position, Sent sent) {}
        return jdbc
                .query(
                        "delete from saga_outbox returning *",
                        (row, number) -> new Taken(
                                row.getLong("position"),
                                new Sent(
                                        row.getObject("id", UUID.class),
                                        row.getString("aggregatetype"),
                                        row.getString("aggregateid"),
                                        row.getString("type"),
                                        row.getBytes("payload"),
                                        HeaderCodec.decode(row.getBytes("headers")))))
                .stream()
                .sorted(Comparator.comparing(Taken::position))
                .map(Taken::sent)
                .toList();
    }

    /** Takes the last message. */
    public Sent takeLast() {
        List<Sent> sent = take();
        return sent.get(sent.size() - 1);
    }

    /** A participant's answer. */
    public InboundRecord reply(Sent command, Reply reply) {
        return reply(
                command,
                MessageTypes.nameOf(reply.getClass()),
                reply instanceof Rejection ? Outcome.REJECTION : Outcome.SUCCESS,
                codec.encode(reply));
    }

    /** A participant's answer that says that its command was read there; null for one that does not say it. */
    public InboundRecord replyFrom(@Nullable String place, Sent command, Reply reply) {
        InboundRecord made = reply(command, reply);
        Map<String, byte[]> headers = new HashMap<>(made.headers());
        headers.remove(WireHeaders.COMMAND_PLACE);
        if (place != null) {
            headers.put(WireHeaders.COMMAND_PLACE, place.getBytes(StandardCharsets.UTF_8));
        }
        return new InboundRecord(made.topic(), made.partition(), made.offset(), made.key(), made.value(), headers);
    }

    /** A participant's answer of that type. */
    public InboundRecord reply(Sent command, String type, Outcome outcome, byte[] payload) {
        SagaMessage asked = SagaMessage.command(command.at(0));
        String participant = command.topic().replaceAll("^saga\\.|\\.commands$", "");
        OutboxMessage made = messages.reply(asked, participant, type, outcome, payload, asked.clock() + 1);
        return new Sent(made.id(), made.topic(), made.key(), made.type(), made.payload(), made.headers())
                .at(OFFSETS.incrementAndGet());
    }

    /** Lets time pass for everything that is stored: it moves into the past. Nobody looks. */
    public void timePasses(Duration time) {
        for (String column : List.of(
                "saga_instance.due_at",
                "saga_instance.deadline_at",
                "saga_instance.paused_until",
                "saga_instance.created_at",
                "saga_instance.updated_at",
                "saga_instance.stuck_since",
                "saga_step.due_at",
                "saga_step.first_sent_at",
                "saga_step.sla_at",
                "saga_step.held_since",
                "saga_step.updated_at",
                "saga_outbox.created_at",
                "saga_parked_key.since",
                "saga_inbox_quarantine.quarantined_at",
                "saga_node.since",
                "saga_node.alive_until")) {
            String[] parts = column.split("\\.");
            jdbc.update(
                    "update %s set %s = %s - ? * interval '1 millisecond' where %s is not null"
                            .formatted(parts[0], parts[1], parts[1], parts[1]),
                    time.toMillis());
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
