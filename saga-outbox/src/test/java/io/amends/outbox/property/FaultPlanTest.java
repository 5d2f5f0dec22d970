package io.amends.outbox.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.property.FaultPlan.Fault;
import io.amends.outbox.property.FaultPlan.Kind;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chance decides when and whom, not whether: a run without a fault would prove nothing about it. */
class FaultPlanTest {

    @ParameterizedTest
    @ValueSource(ints = {6_000, 10_000, 300_000})
    void whatever_the_seed_relays_are_killed_paused_added_and_removed_and_kafka_is_restarted(int length) {
        assertThat(LongStream.range(0, 300))
                .allSatisfy(seed -> assertThat(FaultPlan.of(seed, Duration.ofMillis(length)))
                        .extracting(Fault::kind)
                        .contains(Kind.KILL, Kind.PAUSE, Kind.ADD, Kind.REMOVE, Kind.RESTART_KAFKA));
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 300_000})
    void the_usual_length_has_room_for_each_of_the_others_now_and_then(int length) {
        assertThat(LongStream.range(0, 20).boxed())
                .flatMap(seed -> FaultPlan.of(seed, Duration.ofMillis(length)))
                .extracting(Fault::kind)
                .contains(Kind.values());
    }
}
