package io.amends.runtime.orchestrator;

import io.amends.runtime.Bench;
import io.amends.runtime.SagaOperations.Order;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.runtime.Sent;
import io.amends.runtime.TestDatabase;
import io.amends.runtime.orchestrator.Shop.Purchase;
import io.amends.runtime.orchestrator.Shop.PurchaseSaga;
import io.amends.runtime.participant.Participant;
import io.amends.runtime.wire.InboundRecord;
import io.amends.saga.Reply;
import io.amends.saga.SagaKey;
import io.amends.saga.definition.AnnotatedSagas;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The sagas of a shop; the test is the transport, and plays the participants that are no sagas. */
abstract class SubSagaFixture {

    static final Order ORDER = new Order("ann", "the customer called", null);

    static TestDatabase database;

    final Bench bench = new Bench(database);
    final Orchestration orchestration = bench.orchestration(registry());
    final Sagas sagas = orchestration.sagas();
    final Map<String, Participant> children = orchestration.subSagas().stream()
            .map(bench::participant)
            .collect(Collectors.toMap(each -> each.definition().name(), Function.identity()));
    /** Commands to participants that are no sagas, in the order in which they were sent. */
    final List<Sent> asked = new ArrayList<>();

    @BeforeAll
    static void openDatabase() {
        database = TestDatabase.create();
    }

    @AfterAll
    static void closeDatabase() {
        database.close();
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    static SagaRegistry registry() {
        Map<Class<?>, SagaDefinition> declared = new HashMap<>();
        for (Object saga : List.of(
                new PurchaseSaga(),
                new Shop.ShippingSaga(),
                new Shop.RecallSaga(),
                new Shop.MirrorSaga(),
                new Shop.InstantSaga(),
                new Shop.HastySaga(),
                new Shop.PatientSaga(),
                new Shop.VisitorSaga(),
                new Shop.BurglarSaga())) {
            declared.put(saga.getClass(), AnnotatedSagas.read(saga));
        }
        return SagaRegistry.of(List.of(), declared);
    }

    UUID buy(String id) {
        UUID saga =
                sagas.start(PurchaseSaga.class, Purchase.of(id), SagaKey.of(id)).sagaId();
        carry();
        return saga;
    }

    /** Bought, reserved, and being packed. */
    UUID shipping(String id) {
        UUID saga = buy(id);
        answer("reserve", new Shop.Done());
        return saga;
    }

    /** Carries messages until only those are left that the test has to answer. */
    void carry() {
        for (List<Sent> sent = bench.take(); !sent.isEmpty(); sent = bench.take()) {
            sent.forEach(this::carry);
        }
    }

    void carry(Sent message) {
        InboundRecord record = Bench.again(message.at(0));
        if (message.topic().endsWith(".replies")) {
            orchestration.replies().process(List.of(record));
            return;
        }
        Participant child = children.get(message.topic().replaceAll("^saga\\.|\\.commands$", ""));
        if (child == null) {
            asked.add(message);
        } else {
            child.process(List.of(record));
        }
    }

    /** Answers the oldest such command, and carries what follows. */
    void answer(String what, Reply reply) {
        orchestration.replies().process(List.of(bench.reply(take(what), reply)));
        carry();
    }

    /** The oldest such command that is not answered yet. */
    Sent take(String what) {
        Sent command = asked.stream()
                .filter(each -> each.json().contains('"' + what + '"'))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody asked to " + what + ", but to " + open()));
        asked.remove(command);
        return command;
    }

    /** What was asked and is not answered. */
    List<String> open() {
        return asked.stream()
                .map(each -> each.json().replaceAll(".*:\"|\"}", ""))
                .toList();
    }

    void turnBack(UUID saga) {
        orchestration.operations().compensate(saga, ORDER);
        carry();
    }

    /** Lets time pass for every saga, and carries what follows. */
    void timePasses(Duration time) {
        String by = time.toMillis() + " milliseconds";
        database.jdbc().update("update saga_instance set due_at = due_at - ?::interval", by);
        database.jdbc().update("""
                update saga_step set due_at = due_at - ?::interval, first_sent_at = first_sent_at - ?::interval""", by, by);
        orchestration.timers().look();
        carry();
    }

    SagaSnapshot saga(UUID id) {
        return sagas.find(id).orElseThrow();
    }

    SagaSnapshot saga(String name, String key) {
        return sagas.find(name, SagaKey.of(key)).orElseThrow();
    }

    String phase(UUID id) {
        return saga(id).phase().name();
    }

    String phase(String name, String key) {
        return saga(name, key).phase().name();
    }

    String note(UUID purchase) {
        return ((Purchase) saga(purchase).data()).note();
    }

    String step(UUID id, String step) {
        return saga(id).steps().stream()
                .filter(each -> each.name().equals(step))
                .map(each -> each.status().name())
                .findFirst()
                .orElseThrow();
    }
}
