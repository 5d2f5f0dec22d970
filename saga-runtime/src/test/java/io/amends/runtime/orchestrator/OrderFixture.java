package io.amends.runtime.orchestrator;

import io.amends.runtime.Bench;
import io.amends.runtime.SagaListener;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.runtime.Sent;
import io.amends.runtime.TestDatabase;
import io.amends.runtime.wire.InboundRecord;
import io.amends.saga.Reply;
import io.amends.saga.SagaKey;
import io.amends.saga.definition.AnnotatedSagas;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** An orchestrator of orders on a database of the test class's own; the test plays all participants. */
abstract class OrderFixture {

    static TestDatabase database;

    final Bench bench = new Bench(database);
    final List<SagaListener.Change> heard = new CopyOnWriteArrayList<>();
    final Orchestration orchestration = orchestration(heard::addAll);
    final Sagas sagas = orchestration.sagas();

    @BeforeAll
    static void open() {
        database = TestDatabase.create();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    Orchestration orchestration(SagaListener... listeners) {
        return bench.orchestration(registry(), listeners);
    }

    SagaRegistry registry() {
        Map<Class<?>, SagaDefinition> declared = new HashMap<>();
        for (Object saga : List.of(
                new PlaceOrderSaga(),
                new WrapGiftSaga(bench.jdbc),
                new LocalFirstSaga(bench.jdbc),
                new BasketSaga(),
                new HolidaySaga(),
                new LabelledSaga())) {
            declared.put(saga.getClass(), AnnotatedSagas.read(saga));
        }
        return SagaRegistry.of(List.of(), declared);
    }

    UUID start(String key) {
        return sagas.start(PlaceOrderSaga.class, Order.of(key), SagaKey.of(key)).sagaId();
    }

    /** Starts it and takes its first command. */
    Sent started(String key) {
        start(key);
        return takeOne();
    }

    /** The only command that is in the outbox, taken out of it. */
    Sent takeOne() {
        List<Sent> sent = bench.take();
        if (sent.size() != 1) {
            throw new AssertionError(
                    "not one command: " + sent.stream().map(Sent::type).toList());
        }
        return sent.get(0);
    }

    /** Lets time pass for every saga: what is stored moves into the past, and the timers look. */
    void timePasses(Duration time) {
        String by = time.toMillis() + " milliseconds";
        bench.database.jdbc().update("""
                update saga_instance set due_at = due_at - ?::interval, deadline_at = deadline_at - ?::interval,
                       paused_until = paused_until - ?::interval""", by, by, by);
        bench.database.jdbc().update("""
                update saga_step set due_at = due_at - ?::interval, first_sent_at = first_sent_at - ?::interval""", by, by);
        orchestration.timers().look();
    }

    void deliver(InboundRecord... replies) {
        orchestration.replies().process(List.of(replies));
    }

    /** Answers the command and takes the next one. */
    Sent answer(Sent command, Reply reply) {
        deliver(bench.reply(command, reply));
        return takeOne();
    }

    SagaSnapshot saga(UUID id) {
        return sagas.find(id).orElseThrow();
    }

    String phase(UUID id) {
        return saga(id).phase().name();
    }

    Order order(UUID id) {
        return (Order) saga(id).data();
    }

    List<String> steps(UUID id) {
        return saga(id).steps().stream()
                .map(step -> step.name() + " " + step.status())
                .toList();
    }

    /** Event, step, kind and disposition of each line that is not about a command that was sent. */
    List<String> history(UUID id) {
        return database.texts(
                "select concat_ws(' ', event, step, kind, disposition) from saga_history where saga_id = ? and event <> 'Sent' order by hlc",
                id);
    }

    /** Everything that the tables say of sagas, to see that nothing changed. */
    List<String> state() {
        return database.texts("""
                select i::text from saga_instance i union all select s::text from saga_step s order by 1""");
    }
}
