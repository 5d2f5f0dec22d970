package io.amends.spring.boot.autoconfigure.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.runtime.flow.FlowControl;
import io.amends.runtime.flow.FlowSettings;
import io.amends.runtime.observation.FiguresReader;
import io.amends.spring.boot.autoconfigure.runtime.LiveParts;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Whether a restart would help. */
class SagaHealthTest {

    /** A database that is away. */
    private static final HikariDataSource AWAY = away();

    private static HikariDataSource away() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:postgresql://localhost:1/nothing");
        pool.setConnectionTimeout(250);
        pool.setInitializationFailTimeout(-1);
        return pool;
    }

    @AfterAll
    static void close() {
        AWAY.close();
    }

    @Test
    void a_consumer_that_ended_by_itself_makes_the_process_useless() {
        Health health = health(true, "saga.bank-a.commands");

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails().get("listeners"))
                .asString()
                .startsWith("saga.bank-a.commands ended by themselves");
    }

    @Test
    void a_database_that_is_away_does_not_since_all_goes_on_once_it_is_back() {
        Health health = health(true);

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsEntry("listeners", "all 2 run")
                .containsEntry("relay", "left to another process")
                .containsEntry("sagas", "not known: the database does not tell");
    }

    @Test
    void before_the_listeners_start_and_while_they_stop_none_is_missed() {
        Health health = health(false, "timers");

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("listeners", "not started yet, or stopping");
    }

    private static Health health(boolean running, String... dead) {
        LiveParts parts = new LiveParts() {
            @Override
            public boolean isRunning() {
                return running;
            }

            @Override
            public List<String> all() {
                return List.of("saga.bank-a.commands", "timers");
            }

            @Override
            public List<String> dead() {
                return List.of(dead);
            }
        };
        FlowControl flow =
                new FlowControl(new JdbcTemplate(AWAY), new JdbcTransactionManager(AWAY), FlowSettings.DEFAULT);
        return new SagaHealth(
                        parts,
                        null,
                        new CachedFigures(
                                new FiguresReader(AWAY), flow.operations(), new StuckByPhase(), System::nanoTime))
                .health();
    }
}
