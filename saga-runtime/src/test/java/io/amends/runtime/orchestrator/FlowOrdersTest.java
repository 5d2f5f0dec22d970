package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.LogWatch;
import io.amends.runtime.flow.FlowControl;
import io.amends.runtime.flow.ParticipantFlow;
import io.amends.runtime.flow.ParticipantFlow.State;
import io.amends.runtime.flow.SagaFlow;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What operators change while everything runs. */
class FlowOrdersTest extends FlowFixture {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void a_participant_is_held_in_all_processes_until_it_is_released() {
        one.operations().hold("payments", ORDER);
        other.look();
        UUID saga = other.start("held");
        other.look();
        assertThat(taken()).isEmpty();
        assertThat(heldFor(saga)).containsExactly("payments");
        ParticipantFlow shown = participant("payments");
        assertThat(shown.heldBy()).isEqualTo("ann");
        assertThat(shown.heldReason()).isEqualTo("maintenance");
        assertThat(shown.heldAt()).isNotNull();
        assertThat(shown.state()).isEqualTo(State.CLOSED);

        one.operations().release("payments", new SagaFlow.Order("bob", "done"));
        other.look();

        assertThat(taken()).containsExactly("charge-card");
        assertThat(participant("payments").heldBy()).isNull();
        assertThat(
                        database.texts(
                                "select concat_ws(' ', verb, operator, reason, detail, outcome) from saga_audit order by audit_id"))
                .containsExactly(
                        "HoldParticipant ann maintenance payments DONE", "ReleaseParticipant bob done payments DONE");
    }

    @Test
    void a_released_participant_is_taken_as_working_and_counts_from_zero() {
        for (int i = 0; i < 3; i++) {
            one.start("k" + i);
        }
        one.timePasses(MINUTE);
        one.look();
        bench.take();
        one.start("held");
        assertThat(participant("payments").state()).isEqualTo(State.OPEN);

        one.operations().release("payments", ORDER);
        other.look();

        assertThat(taken()).containsExactly("charge-card");
        assertThat(participant("payments").state()).isEqualTo(State.CLOSED);
        assertThat(participant("payments").failures()).isZero();
    }

    @Test
    void a_paused_saga_is_not_sent_when_its_participant_is_released_but_when_it_is_resumed() {
        one.operations().hold("payments", ORDER);
        one.look();
        UUID saga = one.start("paused");
        one.orchestration
                .operations()
                .pause(saga, null, new io.amends.runtime.SagaOperations.Order("ann", "wait", null));
        one.operations().release("payments", ORDER);
        one.look();
        assertThat(taken()).isEmpty();

        one.orchestration.operations().resume(saga, new io.amends.runtime.SagaOperations.Order("ann", "go", null));
        one.look();
        assertThat(taken()).containsExactly("charge-card");
    }

    @Test
    void a_setting_counts_in_all_processes_from_their_next_look_on() {
        one.operations().set("saga.flow.participant-limits.payments", "1", ORDER);
        other.look();
        other.start("a");
        UUID second = other.start("b");
        assertThat(heldFor(second)).containsExactly("payments");
        assertThat(other.operations().settings().participantLimits()).isEqualTo(Map.of("payments", 1));

        one.operations().set("saga.flow.participant-limits.payments", "none", ORDER);
        other.look();

        assertThat(heldFor(second)).isEmpty();
        assertThat(database.texts("select concat_ws(' ', verb, detail) from saga_audit order by audit_id"))
                .containsExactly(
                        "SetFlow saga.flow.participant-limits.payments=1",
                        "SetFlow saga.flow.participant-limits.payments=none");
    }

    @Test
    void every_setting_can_be_changed_and_taken_back() {
        Map.of(
                        "saga.flow.breaker.enabled", "false",
                        "saga.flow.breaker.failures", "7",
                        "saga.flow.breaker.pause", "2s",
                        "saga.flow.breaker.pause-max", "3m",
                        "saga.flow.breaker.probes", "4",
                        "saga.flow.breaker.probe-timeout", "500ms",
                        "saga.flow.slow-after", "5s",
                        "saga.flow.refuse-after", "PT1M",
                        "saga.flow.start-wait", "3s",
                        "saga.flow.saga-limits.holiday", "9")
                .forEach((name, value) -> one.operations().set(name, value, ORDER));

        assertThat(other.operations().settings().toString())
                .isEqualTo(
                        "FlowSettings[breaker=Breaking[enabled=false, failures=7, pause=PT2S, pauseMax=PT3M, probes=4, probeTimeout=PT0.5S], starts=Starting[slowAfter=PT5S, refuseAfter=PT1M, waitAtMost=PT3S], sagaLimits={holiday=9}, participantLimits={}]");
        one.operations().reset("saga.flow.breaker.failures", ORDER);
        assertThat(other.operations().settings().breaker().failures()).isEqualTo(BREAKING.failures());
    }

    @Test
    void a_breaker_that_is_switched_off_holds_nobody() {
        for (int i = 0; i < 3; i++) {
            one.start("k" + i);
        }
        one.timePasses(MINUTE);
        one.look();
        one.start("held");
        bench.take();

        one.operations().set("saga.flow.breaker.enabled", "false", ORDER);
        other.look();

        assertThat(taken()).containsExactly("charge-card");
    }

    @Test
    void what_can_not_be_used_is_refused_and_nothing_changes() {
        SagaFlow flow = one.operations();

        assertThatThrownBy(() -> flow.set("saga.flow.breaker.failure", "7", ORDER))
                .hasMessageStartingWith("There is no setting 'saga.flow.breaker.failure'")
                .hasMessageContaining("saga.flow.participant-limits.<participant>");
        assertThatThrownBy(() -> flow.set("saga.relay.chunk-size", "7", ORDER))
                .hasMessageStartingWith("There is no setting");
        assertThatThrownBy(() -> flow.set("saga.flow.breaker.pause", "soon", ORDER))
                .hasMessage("saga.flow.breaker.pause can't be 'soon'; it is a duration such as 500ms, 30s or 5m.");
        assertThatThrownBy(() -> flow.set("saga.flow.breaker.probes", "many", ORDER))
                .hasMessage("saga.flow.breaker.probes can't be 'many'; it is a whole number.");
        assertThatThrownBy(() -> flow.set("saga.flow.breaker.enabled", "1", ORDER))
                .hasMessage("saga.flow.breaker.enabled can't be '1'; it is true or false.");
        assertThatThrownBy(() -> flow.set("saga.flow.saga-limits.holiday", "0", ORDER))
                .hasMessageContaining("at least 1");
        assertThatThrownBy(() -> flow.set("saga.flow.breaker.pause", "1h", ORDER))
                .hasMessageContaining("pause <= pause-max");
        assertThatThrownBy(() -> new SagaFlow.Order("ann", " ")).hasMessageContaining("reason");
        assertThat(database.count("saga_flow_setting")).isZero();
        assertThat(database.count("saga_audit")).isZero();
    }

    @Test
    void a_row_that_can_not_be_used_is_told_once_and_the_properties_count() {
        database.jdbc()
                .update(
                        "insert into saga_flow_setting (name, value, set_by, reason) values ('saga.flow.slow-after', 'x', 'x', 'x')");
        try (LogWatch log = LogWatch.of(FlowControl.class.getName())) {
            one.look();
            one.look();

            assertThat(log.lines())
                    .containsExactly(
                            "WARN What is set in saga_flow_setting does not count, because saga.flow.slow-after can't be 'x'; it is a duration such as 500ms, 30s or 5m.");
        }
    }
}
