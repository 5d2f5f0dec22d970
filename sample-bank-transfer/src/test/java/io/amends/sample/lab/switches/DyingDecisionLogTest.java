package io.amends.sample.lab.switches;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.twopc.Decision;
import io.amends.twopc.DecisionLog;
import io.amends.twopc.Outcome;
import io.amends.twopc.TransactionId;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The coordinator's death: at its moment, once, and only if it is armed. */
class DyingDecisionLogTest {

    private final List<String> events = new ArrayList<>();
    private final Decision decision =
            new Decision(new TransactionId(new UUID(1, 2)), Outcome.COMMIT, "coordinator", List.of());

    @TempDir
    private Path folder;

    private boolean written = true;

    @Test
    void unarmed_it_only_writes_the_decision() {
        assertThat(commit()).isTrue();

        assertThat(events).containsExactly("written");
    }

    @Test
    void armed_it_dies_once_before_the_decision() {
        DeathSwitch.BEFORE_DECISION.arm(folder);

        commit();
        commit();

        assertThat(events).containsExactly("dead", "written", "written");
        assertThat(DeathSwitch.BEFORE_DECISION.isArmed(folder)).isFalse();
    }

    @Test
    void or_once_the_decision_is_durable() {
        DeathSwitch.AFTER_DECISION.arm(folder);

        commit();
        commit();

        assertThat(events).containsExactly("written", "dead", "written");
    }

    @Test
    void a_decision_that_came_too_late_is_none_to_die_after() {
        written = false;
        DeathSwitch.AFTER_DECISION.arm(folder);

        assertThat(commit()).isFalse();

        assertThat(events).containsExactly("written");
        assertThat(DeathSwitch.AFTER_DECISION.isArmed(folder)).isTrue();
    }

    @Test
    void to_arm_it_twice_is_to_arm_it_once() {
        DeathSwitch.BEFORE_DECISION.arm(folder);
        DeathSwitch.BEFORE_DECISION.arm(folder);

        assertThat(DeathSwitch.BEFORE_DECISION.disarm(folder)).isTrue();
        assertThat(DeathSwitch.BEFORE_DECISION.disarm(folder)).isFalse();
    }

    private boolean commit() {
        DecisionLog log = (DecisionLog) Proxy.newProxyInstance(
                DecisionLog.class.getClassLoader(), new Class<?>[] {DecisionLog.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("commit");
                    events.add("written");
                    return written;
                });
        return new DyingDecisionLog(log, folder, () -> events.add("dead")).commit(decision, Duration.ofSeconds(1));
    }
}
