package io.amends.spring.boot.autoconfigure.observability.letters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.runtime.flow.SagaFlow;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.autoconfigure.DocumentedMeter;
import io.amends.spring.boot.autoconfigure.OutboxMeter;
import io.amends.spring.boot.autoconfigure.observability.SagaMeter;
import io.amends.spring.boot.autoconfigure.observability.letters.LetterApplication.Letter;
import io.amends.spring.boot.autoconfigure.observability.letters.LetterApplication.LetterSaga;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

/** What can be measured of letters: one arrives, one is refused, one can't be delivered. */
class SagaMetersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** In every letter, and in what its postman throws. */
    private static final String SECRET = "4111-1111-1111-1111";

    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();

    private static ConfigurableApplicationContext application;
    private static MeterRegistry meters;

    @BeforeAll
    static void start() {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.datasource.url", postgres.freshDatabase());
        properties.put("spring.datasource.username", postgres.username());
        properties.put("spring.datasource.password", postgres.password());
        properties.put(
                "spring.kafka.bootstrap-servers", EmbeddedKafkaBroker.shared().bootstrapServers());
        properties.put("saga.topics.partitions", "1");
        properties.put("saga.orchestrator.timer-interval", "50ms");
        properties.put("saga.participant.redelivery-attempts", "1");
        application = new SpringApplicationBuilder(LetterApplication.class)
                .properties(properties)
                .run();
        meters = application.getBean(MeterRegistry.class);
        LOG.start();
        root().addAppender(LOG);
        application.getBean(SagaFlow.class).hold("pigeon", new SagaFlow.Order("ann", "it is raining"));
        for (String text : List.of("fine", "heavy", "unreadable")) {
            application.getBean(Sagas.class).start(LetterSaga.class, new Letter(text + " " + SECRET), SagaKey.of(text));
        }
        await().atMost(PATIENCE)
                .until(() -> Stream.of("fine", "heavy", "unreadable")
                        .map(SagaMetersTest::phase)
                        .toList()
                        .equals(List.of(SagaPhase.COMPLETED, SagaPhase.COMPENSATED, SagaPhase.STUCK)));
        application.getBeansOfType(MeterBinder.class).values().forEach(binder -> binder.bindTo(meters));
        // Participants that have a gauge are found when one is read.
        meters.get(SagaMeter.TIMERS_OVERDUE.meterName()).gauge().value();
    }

    @AfterAll
    static void stop() {
        root().detachAppender(LOG);
        application.close();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }

    @Test
    void what_a_saga_holds_and_what_is_thrown_about_it_is_in_no_meter_and_in_no_line_of_the_log() {
        assertThat(meters.getMeters())
                .isNotEmpty()
                .allSatisfy(meter -> assertThat(meter.getId().toString()).doesNotContain(SECRET));
        assertThat(List.copyOf(LOG.list))
                .as("the letter that can't be delivered is told of")
                .anySatisfy(line -> assertThat(line.getFormattedMessage()).contains("deliver"))
                .allSatisfy(line -> assertThat(
                                line.getFormattedMessage() + ThrowableProxyUtil.asString(line.getThrowableProxy()))
                        .doesNotContain(SECRET));
    }

    @Test
    void each_meter_that_is_documented_is_there_with_its_tags_and_no_other_is() {
        Map<String, DocumentedMeter> documented = Stream.concat(
                        Stream.<DocumentedMeter>of(SagaMeter.values()),
                        Stream.<DocumentedMeter>of(OutboxMeter.values()))
                .filter(meter -> !meter.meterName().startsWith("saga.inbox."))
                .collect(Collectors.toMap(DocumentedMeter::meterName, meter -> meter));

        assertThat(ours().map(meter -> meter.getId().getName()).distinct().toList())
                .containsExactlyInAnyOrderElementsOf(documented.keySet());
        assertThat(ours()).allSatisfy(meter -> {
            DocumentedMeter known = documented.get(meter.getId().getName());
            assertThat(meter.getId().getTags().stream().map(Tag::getKey))
                    .as(known.meterName())
                    .containsExactlyInAnyOrderElementsOf(known.tags());
            assertThat(kind(meter)).as(known.meterName()).isEqualTo(known.kind());
        });
    }

    @Test
    void prometheus_calls_them_what_the_list_says() {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ours().forEach(meter -> copy(meter, prometheus));
        String scraped = prometheus.scrape();

        for (SagaMeter meter : SagaMeter.values()) {
            assertThat(meter.prometheusNames())
                    .filteredOn(name -> !name.endsWith("_bucket"))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(scraped).containsPattern("(?m)^" + name + "[{ ]"));
        }
    }

    /** A meter of the same name, kind and unit. */
    private static void copy(Meter meter, MeterRegistry to) {
        Meter.Id id = meter.getId();
        switch (kind(meter)) {
            case COUNTER -> Counter.builder(id.getName()).tags(id.getTags()).register(to);
            case TIMER -> Timer.builder(id.getName()).tags(id.getTags()).register(to);
            case SUMMARY ->
                DistributionSummary.builder(id.getName()).tags(id.getTags()).register(to);
            case GAUGE ->
                Gauge.builder(id.getName(), () -> 1)
                        .baseUnit(id.getBaseUnit())
                        .tags(id.getTags())
                        .register(to);
        }
    }

    @Test
    void starts_ends_steps_retries_and_why_are_counted() {
        assertThat(counter(SagaMeter.STARTED)).isEqualTo(3);
        assertThat(timers(SagaMeter.ENDED, "outcome", "completed")).isEqualTo(1);
        assertThat(timers(SagaMeter.ENDED, "outcome", "compensated")).isEqualTo(1);
        assertThat(counter(SagaMeter.TURNED_BACK, "reason", "REJECTED")).isEqualTo(1);
        assertThat(counter(SagaMeter.GOT_STUCK, "reason", "RETRIES_EXHAUSTED")).isEqualTo(1);
        assertThat(timers(SagaMeter.STEP, "step", "stamp", "kind", "action", "outcome", "success"))
                .isEqualTo(3);
        assertThat(timers(SagaMeter.STEP, "step", "stamp", "kind", "compensation", "outcome", "success"))
                .isEqualTo(1);
        assertThat(timers(SagaMeter.STEP, "step", "take", "kind", "action", "outcome", "rejection"))
                .isEqualTo(1);
        assertThat(timers(SagaMeter.STEP, "step", "deliver", "kind", "action", "outcome", "error"))
                .isEqualTo(1);
        assertThat(counter(SagaMeter.RETRIES, "step", "deliver")).isEqualTo(1);
        assertThat(timers(SagaMeter.START, "outcome", "started")).isEqualTo(3);
        assertThat(timers(SagaMeter.COMMAND, "command", "take", "outcome", "success"))
                .as("at least: a poll is run again when one of it is rejected")
                .isGreaterThanOrEqualTo(2);
        assertThat(timers(SagaMeter.COMMAND, "command", "deliver", "error", "IllegalStateException"))
                .isPositive();
        assertThat(timers(SagaMeter.REPLY, "outcome", "accepted")).isPositive();
    }

    @Test
    void gauges_tell_what_is_open_and_stuck() {
        assertThat(gauge(SagaMeter.OPEN, "phase", "stuck")).isEqualTo(1);
        assertThat(gauge(SagaMeter.OPEN, "phase", "running")).isZero();
        assertThat(gauge(SagaMeter.STUCK, "reason", "RETRIES_EXHAUSTED")).isEqualTo(1);
        assertThat(gauge(SagaMeter.STUCK, "reason", "COMPENSATION_FAILED")).isZero();
        assertThat(gauge(SagaMeter.STUCK, "reason", "REPLY_OVERDUE")).isZero();
        assertThat(gauge(SagaMeter.STUCK_OLDEST, "reason", "RETRIES_EXHAUSTED")).isBetween(0.0, 60.0);
        assertThat(gauge(SagaMeter.TIMERS_OVERDUE)).isBetween(0.0, 10.0);
        assertThat(gauge(SagaMeter.QUARANTINED)).isPositive();
        assertThat(gauge(SagaMeter.SET_ASIDE, "reason", "QUARANTINED_MESSAGE"))
                .as("what the handler threw at is told by its saga")
                .isZero();
        assertThat(gauge(SagaMeter.SET_ASIDE_OLDEST, "reason", "LATE_MESSAGE")).isZero();
        assertThat(gauge(SagaMeter.HELD, "participant", "pigeon")).isEqualTo(1);
    }

    @Test
    void a_process_with_stuck_sagas_is_up_and_says_what_is_stuck() {
        Health health = application
                .getBean("sagaHealthIndicator", HealthIndicator.class)
                .health();

        assertThat(health).isNotNull();
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsEntry("listeners", "all 4 run")
                .containsEntry("relay", "publishes 1 of the outbox's lanes")
                .containsEntry("sagas", "1 stuck")
                .containsEntry("stuck", "RETRIES_EXHAUSTED: 1")
                .containsEntry("setAside", "none")
                .containsEntry("participants", "nothing waits for one");
    }

    private static SagaPhase phase(String key) {
        return application
                .getBean(Sagas.class)
                .find("letter", SagaKey.of(key))
                .map(SagaSnapshot::phase)
                .orElseThrow();
    }

    private static Stream<Meter> ours() {
        return meters.getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith("saga."))
                .filter(meter -> !meter.getId().getName().endsWith(".active"));
    }

    private static DocumentedMeter.Kind kind(Meter meter) {
        return switch (meter.getId().getType()) {
            case COUNTER -> DocumentedMeter.Kind.COUNTER;
            case TIMER -> DocumentedMeter.Kind.TIMER;
            case DISTRIBUTION_SUMMARY -> DocumentedMeter.Kind.SUMMARY;
            default -> DocumentedMeter.Kind.GAUGE;
        };
    }

    private static double counter(SagaMeter meter, String... tags) {
        return meters.get(meter.meterName()).tags(tags).counter().count();
    }

    /** How often, over all timers that have the tags. */
    private static long timers(SagaMeter meter, String... tags) {
        return meters.get(meter.meterName()).tags(tags).timers().stream()
                .mapToLong(timer -> timer.count())
                .sum();
    }

    private static double gauge(SagaMeter meter, String... tags) {
        return meters.get(meter.meterName()).tags(tags).gauge().value();
    }
}
