package io.amends.dashboard.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Office;
import io.amends.dashboard.alerts.StuckWatch;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.runtime.observation.Milestone;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Points of charts. */
class ChartsTest {

    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    private static Office office;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final SagaCounter counter = new SagaCounter();

    @BeforeAll
    static void open() {
        office = new Office();
    }

    @AfterAll
    static void close() {
        office.close();
    }

    private Charts charts(BoundedReads reads, int most) {
        return new Charts(reads, counter, now::get, most);
    }

    private void ended(SagaPhase as, Duration took) {
        counter.committed(List.of(new Milestone.Ended("delivery", as, took)));
    }

    @Test
    void a_point_has_what_this_process_did_since_the_last_one_and_what_the_database_holds() {
        office.clear();
        Charts charts = charts(office.depot.reads(), 10);
        IntStream.range(0, 3).forEach(i -> counter.committed(List.of(new Milestone.Started("delivery"))));
        IntStream.rangeClosed(1, 98).forEach(i -> ended(SagaPhase.COMPLETED, Duration.ofMillis(100)));
        ended(SagaPhase.COMPENSATED, Duration.ofSeconds(20));
        ended(SagaPhase.COMPENSATED, Duration.ofSeconds(20));
        office.stuck("a");
        office.start("unsent");
        office.depot.timePasses(Duration.ofMinutes(2));
        new StuckWatch(
                        office.jdbc,
                        office.transactions,
                        StuckAllowances.DEFAULT,
                        Duration.ofSeconds(20),
                        false,
                        alert -> {})
                .look();

        charts.sample();
        charts.sample();

        List<ChartPoint> points = charts.last(Duration.ofHours(1));
        assertThat(points).hasSize(2);
        ChartPoint first = points.get(0);
        assertThat(first.at()).isEqualTo(START);
        assertThat(List.of(first.started(), first.completed(), first.compensated()))
                .containsExactly(0.3, 9.8, 0.2);
        assertThat(first.stuck()).isEqualTo(2);
        assertThat(first.p50Ms()).isBetween(95L, 105L);
        assertThat(first.p99Ms()).isBetween(19_000L, 21_000L);
        assertThat(first.oldestStuckMs()).isBetween(60_000L, 240_000L);
        assertThat(first.oldestUnsentMs()).isBetween(120_000L, 240_000L);
        assertThat(points.get(1).started()).isZero();
        assertThat(points.get(1).p50Ms()).isNull();
    }

    @Test
    void no_more_points_are_kept_than_may_be_and_the_oldest_goes_first() {
        Charts charts = charts(office.depot.reads(), 3);
        List<Instant> moments = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            now.set(START.plus(Charts.EVERY.multipliedBy(i)));
            moments.add(now.get());
            charts.sample();
        }

        assertThat(charts.last(Duration.ofHours(1)))
                .extracting(ChartPoint::at)
                .containsExactlyElementsOf(moments.subList(2, 5));
        assertThat(charts.last(Charts.EVERY)).hasSize(1);
    }

    @Test
    void while_the_database_is_away_what_this_process_did_is_told() {
        Office away = new Office();
        BoundedReads reads = away.depot.reads();
        away.close();
        Charts charts = charts(reads, 3);
        counter.committed(List.of(new Milestone.Started("delivery")));

        charts.sample();

        assertThat(charts.last(Duration.ofHours(1))).singleElement().satisfies(point -> {
            assertThat(point.started()).isEqualTo(0.1);
            assertThat(point.stuck()).isNull();
            assertThat(point.oldestUnsentMs()).isNull();
        });
    }
}
