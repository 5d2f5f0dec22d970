package io.amends.spring.boot.autoconfigure.broken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.dashboard.alerts.SagaGotStuck;
import io.amends.dashboard.alerts.SagaRecovered;
import io.amends.dashboard.alerts.StuckAlert;
import io.amends.dashboard.alerts.StuckWatch;
import io.amends.dashboard.audit.ActionState;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.AuditQuery;
import io.amends.dashboard.audit.AuditTrail;
import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.bulk.BulkOrder;
import io.amends.dashboard.bulk.BulkRun;
import io.amends.dashboard.bulk.BulkRuns;
import io.amends.dashboard.bulk.BulkState;
import io.amends.dashboard.bulk.BulkWorker;
import io.amends.dashboard.bulk.ItemState;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.stuck.StuckPage;
import io.amends.dashboard.stuck.StuckQuery;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.dashboard.stuck.StuckSaga;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.ConsoleVerbs;
import io.amends.dashboard.verbs.Outcomes;
import io.amends.runtime.Sagas;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.SagaKey;
import io.amends.spring.boot.autoconfigure.broken.KioskApplication.Bottles;
import io.amends.spring.boot.autoconfigure.broken.KioskApplication.BottlesSaga;
import io.amends.spring.boot.autoconfigure.broken.KioskApplication.Letter;
import io.amends.spring.boot.autoconfigure.broken.KioskApplication.LetterSaga;
import io.amends.spring.boot.autoconfigure.broken.KioskApplication.Parcel;
import io.amends.spring.boot.autoconfigure.broken.KioskApplication.ParcelSaga;
import io.amends.spring.boot.autoconfigure.broken.KioskApplication.Sale;
import io.amends.spring.boot.autoconfigure.broken.KioskApplication.SaleSaga;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * A participant breaks for ever while sagas keep coming, and another one falls silent. Both are mended, and an operator repairs
 * at once all that does not go on by itself.
 */
class BrokenParticipantTest {

    private static final int SALES = 240;
    private static final int BOTTLES = 120;
    private static final int PARCELS = 24;
    private static final int LETTERS = 12;
    private static final int ALL = SALES + BOTTLES + PARCELS + LETTERS;
    private static final int CUSTOMERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Operator ANN = new Operator("ann", "192.0.2.7");

    /** A saga that is tried often is none that this is about. */
    private static final StuckAllowances ALLOWANCES = new StuckAllowances(
            StuckAllowances.DEFAULT.action(),
            StuckAllowances.DEFAULT.unsent(),
            StuckAllowances.DEFAULT.absence(),
            10_000);

    private final Set<UUID> sales = ConcurrentHashMap.newKeySet();
    private final Set<UUID> parcels = ConcurrentHashMap.newKeySet();
    private final Set<UUID> letters = ConcurrentHashMap.newKeySet();
    private final List<StuckAlert> heard = new CopyOnWriteArrayList<>();

    @Test
    void every_saga_that_is_stuck_is_on_the_list_and_no_other_and_one_run_repairs_what_needs_it() throws Exception {
        KioskApplication.BROKEN.set(false);
        CountDownLatch courier = new CountDownLatch(1);
        KioskApplication.COURIER.set(courier);
        try (ConfigurableApplicationContext kiosk = run();
                Console console = new Console(kiosk)) {
            startAll(kiosk.getBean(Sagas.class));

            await().atMost(PATIENCE)
                    .until(() -> console.number("""
                            select count(*) from saga_instance
                             where phase in ('RUNNING', 'COMPENSATING') and saga_name in ('sale', 'bottles')""") == 0
                            && console.number(
                                            "select count(*) from saga_step where participant = 'courier' and attempts > 1")
                                    == PARCELS + LETTERS);
            Map<UUID, StuckReason> expected = new HashMap<>();
            console.parked().forEach(sale -> expected.put(sale, StuckReason.RETRIES_EXHAUSTED));
            int parked = expected.size();
            assertThat(parked).isGreaterThan(SALES / 2);
            assertThat(expected.keySet()).isSubsetOf(sales);
            parcels.forEach(parcel -> expected.put(parcel, StuckReason.REPLY_OVERDUE));
            await().atMost(PATIENCE).untilAsserted(() -> {
                console.tenMinutesPass();
                assertThat(console.stuck()).isEqualTo(expected);
            });
            assertThat(console.unfinished())
                    .as("what is not due is under way, and not on the list")
                    .containsAll(letters)
                    .hasSize(expected.size() + LETTERS);
            assertThat(console.completed()).isEqualTo(SALES + BOTTLES - parked);
            console.watch();

            letters.forEach(letter -> expected.put(letter, StuckReason.REPLY_OVERDUE));
            await().atMost(PATIENCE).untilAsserted(() -> {
                console.daysPass();
                assertThat(console.stuck()).isEqualTo(expected);
            });
            assertThat(console.stuck().keySet())
                    .as(
                            "now that nothing has time left, what is on the list is what has not ended, and the other way round")
                    .isEqualTo(console.unfinished());
            console.watch();

            KioskApplication.BROKEN.set(false);
            courier.countDown();
            BulkRun run = console.repair();

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    console.runs.find(run.id()).orElseThrow().state())
                            .isEqualTo(BulkState.DONE));
            assertThat(console.runs.find(run.id()).orElseThrow().counts())
                    .isEqualTo(Map.of(ItemState.PROGRESSED, (long) parked));
            await().atMost(PATIENCE).until(() -> console.completed() == ALL);
            assertThat(console.unfinished()).isEmpty();
            assertThat(console.stuck()).isEmpty();
            Set<UUID> repaired = new HashSet<>(expected.keySet());
            repaired.removeAll(parcels);
            repaired.removeAll(letters);
            assertAuditIsComplete(console, run, repaired);
            console.watch();
            assertEachWasToldOnce(expected);
        } finally {
            KioskApplication.BROKEN.set(false);
            courier.countDown();
        }
    }

    /** Several customers at once; the till breaks when a part of them was served. */
    private void startAll(Sagas sagas) throws Exception {
        ExecutorService customers = Executors.newFixedThreadPool(CUSTOMERS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int customer = 0; customer < CUSTOMERS; customer++) {
                int number = customer;
                all.add(customers.submit(() -> start(sagas, number)));
            }
            for (Future<?> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            customers.shutdownNow();
        }
    }

    private void start(Sagas sagas, int customer) {
        for (int i = customer; i < SALES; i += CUSTOMERS) {
            if (i > SALES / 10) {
                KioskApplication.BROKEN.set(true);
            }
            sales.add(sagas.start(SaleSaga.class, new Sale("sale-" + i), SagaKey.of("sale-" + i))
                    .sagaId());
            if (i < BOTTLES) {
                sagas.start(BottlesSaga.class, new Bottles("bottles-" + i), SagaKey.of("bottles-" + i));
            }
            if (i < PARCELS) {
                parcels.add(sagas.start(ParcelSaga.class, new Parcel("parcel-" + i), SagaKey.of("parcel-" + i))
                        .sagaId());
            }
            if (i < LETTERS) {
                letters.add(sagas.start(LetterSaga.class, new Letter("letter-" + i), SagaKey.of("letter-" + i))
                        .sagaId());
            }
        }
    }

    private static void assertAuditIsComplete(Console console, BulkRun run, Set<UUID> repaired) {
        List<AuditLine> orders = console.trail
                .page(AuditQuery.ALL.run(run.id()).of("retry"), null, 1000)
                .lines();
        assertThat(orders)
                .extracting(line -> line.entry().subject().sagaId())
                .containsExactlyInAnyOrderElementsOf(repaired);
        assertThat(orders).allSatisfy(line -> {
            assertThat(line.state()).isEqualTo(ActionState.PROGRESSED);
            assertThat(line.settledAt()).isNotNull();
            assertThat(line.entry().operator().name()).isEqualTo("ann");
            assertThat(line.entry().reason()).isEqualTo("the till is mended");
        });
        assertThat(console.number("select count(*) from saga_audit where operator = 'ann'"))
                .as("the engine's own lines")
                .isEqualTo(repaired.size());
        assertThat(console.number("select count(*) from saga_console_unsettled"))
                .isZero();
    }

    private void assertEachWasToldOnce(Map<UUID, StuckReason> stuck) {
        assertThat(heard.stream().filter(SagaGotStuck.class::isInstance).map(StuckAlert::sagaId))
                .containsExactlyInAnyOrderElementsOf(stuck.keySet());
        assertThat(heard.stream().filter(SagaRecovered.class::isInstance).map(StuckAlert::sagaId))
                .containsExactlyInAnyOrderElementsOf(stuck.keySet());
        assertThat(heard).allSatisfy(alert -> assertThat(alert.reason()).isEqualTo(stuck.get(alert.sagaId())));
    }

    /** What an operator has. */
    private final class Console implements AutoCloseable {

        private final JdbcTemplate jdbc;
        private final StuckInbox inbox;
        private final StuckWatch watch;
        private final AuditTrail trail;
        private final BulkRuns runs;
        private final BulkWorker worker;

        private Console(ConfigurableApplicationContext kiosk) {
            jdbc = kiosk.getBean(JdbcTemplate.class);
            PlatformTransactionManager transactions = kiosk.getBean(PlatformTransactionManager.class);
            Orchestration orchestration = kiosk.getBean(Orchestration.class);
            PayloadCodec codec = kiosk.getBean(PayloadCodec.class);
            BoundedReads reads = new BoundedReads(jdbc.getDataSource(), Duration.ofSeconds(20));
            inbox = new StuckInbox(reads, ALLOWANCES);
            trail = new AuditTrail(reads);
            AuditLog log = new AuditLog(jdbc, line -> {});
            ConsoleVerbs verbs = new ConsoleVerbs(
                    orchestration.operations(), orchestration.registry(), codec, jdbc, transactions, log, Set.of());
            runs = new BulkRuns(jdbc, transactions, reads, ALLOWANCES, verbs, log, UUID::randomUUID, false);
            worker = new BulkWorker("kiosk", verbs, new Outcomes(jdbc, transactions), log, jdbc, transactions);
            watch = new StuckWatch(jdbc, transactions, ALLOWANCES, Duration.ofSeconds(20), false, heard::add);
        }

        private long number(String sql) {
            Long number = jdbc.queryForObject(sql, Long.class);
            return number == null ? 0 : number;
        }

        private Set<UUID> unfinished() {
            return new HashSet<>(jdbc.queryForList(
                    "select saga_id from saga_instance where phase not in ('COMPLETED', 'COMPENSATED')", UUID.class));
        }

        private long completed() {
            return number("select count(*) from saga_instance where phase = 'COMPLETED'");
        }

        private Set<UUID> parked() {
            return new HashSet<>(
                    jdbc.queryForList("select saga_id from saga_instance where phase = 'STUCK'", UUID.class));
        }

        private void tenMinutesPass() {
            pass("10 minutes", "5 minutes");
        }

        /** More than the letters' 3,600 attempts take. */
        private void daysPass() {
            pass("3 days", "2 days");
        }

        /** Since the courier was asked first. The sagas are locked, or the orchestrator could write back the time that it had read. */
        private void pass(String time, String unless) {
            jdbc.update("""
                    with locked as materialized (
                      select saga_id from saga_instance where saga_name in ('parcel', 'letter') order by saga_id for update)
                    update saga_step s set first_sent_at = s.first_sent_at - ?::interval
                      from locked l
                     where s.saga_id = l.saga_id and s.participant = 'courier'
                       and s.first_sent_at > clock_timestamp() - ?::interval""", time, unless);
        }

        /** The whole list, page by page. */
        private Map<UUID, StuckReason> stuck() {
            List<StuckSaga> all = new ArrayList<>();
            StuckPage page = inbox.page(StuckQuery.all().page(null, 100));
            all.addAll(page.sagas());
            while (page.next() != null) {
                page = inbox.page(StuckQuery.all().page(page.next(), 100));
                all.addAll(page.sagas());
            }
            // Throws if one is there twice.
            Map<UUID, StuckReason> found = all.stream().collect(Collectors.toMap(StuckSaga::sagaId, StuckSaga::reason));
            assertThat(inbox.counts().total()).isEqualTo(found.size());
            return found;
        }

        private void watch() {
            while (watch.look()) {
                // the rest of them
            }
        }

        private BulkRun repair() {
            BulkOrder order = new BulkOrder(
                    new ConsoleVerb.Retry(),
                    SagaFilter.parse("saga:sale phase:STUCK participant:till"),
                    ANN,
                    "the till is mended",
                    List.of(1, 10, 100),
                    1000,
                    0.1,
                    1000,
                    Duration.ofMinutes(1));
            BulkRun run = runs.start(runs.plan(order).id(), ANN);
            worker.start(Duration.ofMillis(50));
            return run;
        }

        @Override
        public void close() {
            worker.stop(Duration.ofSeconds(20));
        }
    }

    private static ConfigurableApplicationContext run() {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.datasource.url", postgres.freshDatabase());
        properties.put("spring.datasource.username", postgres.username());
        properties.put("spring.datasource.password", postgres.password());
        properties.put(
                "spring.kafka.bootstrap-servers", EmbeddedKafkaBroker.shared().bootstrapServers());
        properties.put("spring.flyway.enabled", "false");
        properties.put("saga.topics.partitions", "2");
        properties.put("saga.orchestrator.timer-interval", "50ms");
        properties.put("saga.participant.redelivery-attempts", "1");
        // With it sagas wait for the participant instead of spending their attempts; ParticipantOutageTest has that.
        properties.put("saga.flow.breaker.enabled", "false");
        return new SpringApplicationBuilder(KioskApplication.class)
                .properties(properties)
                .run();
    }
}
