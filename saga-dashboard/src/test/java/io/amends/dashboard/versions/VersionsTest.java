package io.amends.dashboard.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.Depot;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.saga.SagaKey;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How far the old versions are drained. */
class VersionsTest {

    private static Depot depot;

    private final Orchestration orchestration = depot.orchestration();
    private final Versions versions = new Versions(depot.reads());

    @BeforeAll
    static void open() {
        depot = new Depot();
    }

    @AfterAll
    static void close() {
        depot.close();
    }

    @BeforeEach
    void clear() {
        depot.clear();
    }

    @Test
    void a_version_can_be_taken_away_once_its_last_saga_has_ended_and_a_newer_one_is_there() {
        orchestration.sagas().start("errand", Parcel.of("1"), SagaKey.of("1"));
        orchestration.sagas().start("errand", Parcel.of("2"), SagaKey.of("2"));
        depot.jdbc.update(
                "update saga_instance set phase = 'STUCK', reason_code = 'NON_RETRYABLE' where business_key = '2'");
        depot.node("one", depot.registry).sign();
        depot.node("two", depot.registry).sign();
        depot.node("two", depot.registry).leave();

        VersionLine only = line("errand", 1);
        assertThat(only.running()).isEqualTo(1);
        assertThat(only.stuck()).isEqualTo(1);
        assertThat(only.unfinished()).isEqualTo(2);
        assertThat(only.oldest()).isNotNull();
        assertThat(only.nodes()).containsExactly("one");
        assertThat(only.isNewest()).isTrue();

        depot.jdbc.update("update saga_instance set phase = 'COMPLETED'");
        assertThat(line("errand", 1).isSafeToRemove()).isFalse();

        depot.jdbc.update(
                "insert into saga_definition (saga_name, saga_version, fingerprint, text) values ('errand', 2, 'x', 'x')");
        try {
            assertThat(line("errand", 1).isSafeToRemove()).isTrue();
            assertThat(line("errand", 2).isSafeToRemove()).isFalse();
            assertThat(line("errand", 2).nodes()).isEmpty();
            depot.jdbc.update("update saga_instance set phase = 'COMPENSATING' where business_key = '1'");
            assertThat(line("errand", 1).isSafeToRemove()).isFalse();
            assertThat(versions.all())
                    .extracting(line -> line.sagaName() + " " + line.version())
                    .isEqualTo(List.of("delivery 1", "errand 2", "errand 1", "inquiry 1"));
        } finally {
            depot.jdbc.update("delete from saga_definition where saga_version = 2");
        }
    }

    private VersionLine line(String name, int version) {
        return versions.all().stream()
                .filter(line -> line.sagaName().equals(name) && line.version() == version)
                .findFirst()
                .orElseThrow();
    }
}
