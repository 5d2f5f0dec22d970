package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.saga.definition.SagaRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the tables tell of the processes, and of the steps that the definitions have. */
class NodesTest extends OrderFixture {

    @BeforeEach
    void forget() {
        database.jdbc().execute("truncate saga_node, saga_node_definition, saga_definition_step, saga_definition");
    }

    private SagaNodes node(String name, SagaRegistry known) {
        return new SagaNodes(bench.jdbc, bench.transactions, known, name);
    }

    private List<String> alive() {
        return database.texts("select node from saga_node where alive_until > clock_timestamp() order by node");
    }

    @Test
    void a_process_tells_that_it_lives_which_versions_it_has_and_that_it_leaves() {
        SagaNodes one = node("one", registry());
        node("two", SagaRegistry.of(List.of(), Map.of())).sign();
        one.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> alive().size() == 2);

        assertThat(alive()).containsExactly("one", "two");
        assertThat(
                        database.texts(
                                "select node || ' ' || saga_name || ' ' || saga_version from saga_node_definition where saga_name = 'holiday'"))
                .containsExactly("one holiday 1");
        one.stop(Duration.ofSeconds(20));

        assertThat(alive()).containsExactly("two");
        assertThat(database.count("saga_node")).isEqualTo(2);
    }

    @Test
    void a_process_that_is_long_gone_is_forgotten() {
        node("old", registry()).sign();
        database.jdbc().update("update saga_node set alive_until = alive_until - interval '8 days'");

        node("new", registry()).sign();

        assertThat(database.texts("select distinct node from saga_node_definition"))
                .containsExactly("new");
    }

    @Test
    void how_long_each_step_may_take_is_noted_as_the_last_start_declared_it() {
        database.jdbc().update("""
                insert into saga_definition_step (saga_name, saga_version, step, position, kind, does, attempts, on_exhausted)
                values ('holiday', 1, 'charge', 9, 'PIVOT', 'LOCAL', 1, 'PARK'), ('holiday', 1, 'gone', 9, 'PIVOT', 'LOCAL', 1, 'PARK'),
                       ('holiday', 7, 'elsewhere', 9, 'PIVOT', 'LOCAL', 1, 'PARK')""");

        new SagaVersions(bench.jdbc, registry()).check();
        new SagaVersions(bench.jdbc, registry()).check();

        assertThat(database.texts("""
                        select concat_ws(' ', saga_version, position, step, kind, does, participant, timeout_ms, attempts, patience_ms,
                                         on_exhausted, compensation, compensation_attempts, compensation_patience_ms)
                          from saga_definition_step where saga_name = 'holiday' order by saga_version, position"""))
                .containsExactly(
                        // 3 x 1 min + 10 s + 20 s; 2 x 1 min + 10 s
                        "1 1 charge COMPENSATABLE COMMAND payments 60000 3 210000 COMPENSATE COMMAND 2 130000",
                        "1 2 approve COMPENSATABLE SIGNAL 604800000 10 604800000 COMPENSATE",
                        // 2 x 30 s + 1 s
                        "1 3 settle PIVOT COMMAND payments 30000 2 61000 COMPENSATE",
                        "7 9 elsewhere PIVOT LOCAL 1 PARK");
    }
}
