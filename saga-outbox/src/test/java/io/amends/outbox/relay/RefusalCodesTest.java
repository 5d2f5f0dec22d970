package io.amends.outbox.relay;

import static io.amends.outbox.relay.Wire.row;
import static io.amends.outbox.relay.Wire.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.outbox.relay.Publisher.Failure;
import io.amends.outbox.relay.Publisher.Obstacle;
import io.amends.outbox.relay.Publisher.Sent;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each reason code that a real broker or the real client gives, in both modes: which row is told, and that others go on. */
class RefusalCodesTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String HUGE = "x".repeat(20_000);

    private static EmbeddedKafkaBroker broker;
    private final Wire wire = new Wire(broker);

    @BeforeAll
    static void start() {
        broker = EmbeddedKafkaBroker.start(Map.of(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found", "true"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @AfterEach
    void close() {
        wire.close();
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void too_large_for_the_topic(ProducerMode mode) throws Exception {
        String narrow = wire.topic(1, Map.of("max.message.bytes", "2000"));
        assertRefused(mode, Map.of(), row(5, narrow, "big", HUGE), "RECORD_TOO_LARGE");
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void too_large_for_the_client(ProducerMode mode) throws Exception {
        assertRefused(mode, Map.of("max.request.size", 10_000), row(5, wire.topic(1), "big", HUGE), "RECORD_TOO_LARGE");
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void no_such_topic(ProducerMode mode) throws Exception {
        Publisher publisher = assertRefused(mode, Map.of(), row(5, "nowhere", "k", "1"), "UNKNOWN_TOPIC");
        publisher.open();
        assertThat(publisher.obstacle("nowhere")).map(Obstacle::reasonCode).contains("UNKNOWN_TOPIC");
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void a_name_that_no_topic_can_have(ProducerMode mode) throws Exception {
        assertRefused(mode, Map.of(), row(5, "no such?topic", "k", "1"), "INVALID_TOPIC");
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void damaged_headers(ProducerMode mode) throws Exception {
        OutboxRow damaged = new OutboxRow(5, wire.topic(1), "k", new byte[0], new byte[] {1, 2});
        assertRefused(mode, Map.of(), damaged, "NOT_SERIALISABLE");
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void a_topic_that_may_be_seen_and_not_written(ProducerMode mode) throws Exception {
        String closed = wire.topic(1);
        forbid(closed, AclOperation.WRITE);
        Publisher publisher = assertRefused(mode, Map.of(), row(5, closed, "k", "1"), "NOT_AUTHORISED");

        allow(closed);
        assertThat(send(publisher, List.of(row(5, closed, "k", "1"))).acknowledged())
                .containsExactly(5L);
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void a_topic_that_may_not_even_be_seen(ProducerMode mode) throws Exception {
        String hidden = wire.topic(1);
        forbid(hidden, AclOperation.ALL);
        Publisher publisher = assertRefused(mode, Map.of(), row(5, hidden, "k", "1"), "NOT_AUTHORISED");
        publisher.open();
        assertThat(publisher.obstacle(hidden)).map(Obstacle::reasonCode).contains("NOT_AUTHORISED");
        allow(hidden);
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void a_broker_that_is_away_says_nothing_of_its_topics(ProducerMode mode) throws Exception {
        try (EmbeddedKafkaBroker own = EmbeddedKafkaBroker.start();
                Wire away = new Wire(own)) {
            String topic = away.topic(1);
            Publisher publisher = away.publisher(mode);
            send(publisher, rows(topic, 0, 1));
            own.stop();

            assertThatThrownBy(() -> publisher.obstacle("nowhere")).isInstanceOf(TimeoutException.class);
            publisher.send(List.of(row(5, "nowhere", "k", "1")), () -> {});
            Failure failure = publisher.await(Duration.ofSeconds(1), () -> true).failure();
            assertThat(failure).isNotNull();
            assertThat(PermanentFailures.reasonCode(failure.cause())).isEmpty();
        }
    }

    /** Among ten others of an open topic; the others are published afterwards with the same publisher. */
    private Publisher assertRefused(ProducerMode mode, Map<String, Object> extra, OutboxRow bad, String reasonCode)
            throws InterruptedException {
        String open = wire.topic(1);
        List<OutboxRow> rows = new ArrayList<>(rows(open, 0, 5));
        rows.add(bad);
        rows.addAll(rows(open, 6, 11));
        Publisher publisher = wire.publisher(mode, extra);

        Sent sent = send(publisher, rows);
        Failure failure = sent.failure();
        assertThat(failure).isNotNull();
        assertThat(failure.row()).isSameAs(bad);
        assertThat(PermanentFailures.reasonCode(failure.cause())).contains(reasonCode);

        rows.remove(bad);
        rows.removeIf(row -> sent.acknowledged().contains(row.position()));
        Sent others = send(publisher, rows);
        assertThat(others.failure()).isNull();
        assertThat(others.acknowledged()).hasSize(rows.size());
        assertThat(wire.committed(open).values().stream().flatMap(List::stream).distinct())
                .containsExactlyInAnyOrder("0", "1", "2", "3", "4", "6", "7", "8", "9", "10");
        return publisher;
    }

    private static Sent send(Publisher publisher, List<OutboxRow> rows) throws InterruptedException {
        publisher.open();
        publisher.send(rows, () -> {});
        return publisher.await(LONG, () -> true);
    }

    private void forbid(String topic, AclOperation operation) throws Exception {
        ResourcePattern resource = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
        try (Admin admin = wire.admin()) {
            admin.createAcls(List.of(
                            acl(resource, AclOperation.DESCRIBE, AclPermissionType.ALLOW),
                            acl(resource, operation, AclPermissionType.DENY)))
                    .all()
                    .get();
            Known.rules(admin, topic, 2);
        }
    }

    private static AclBinding acl(ResourcePattern resource, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(resource, new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
    }

    private void allow(String topic) throws Exception {
        try (Admin admin = wire.admin()) {
            admin.deleteAcls(List.of(new AclBindingFilter(
                            new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL).toFilter(),
                            org.apache.kafka.common.acl.AccessControlEntryFilter.ANY)))
                    .all()
                    .get();
            Known.rules(admin, topic, 0);
        }
    }
}
