package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** More transactions than may run at once. */
class AdmissionTest {

    private static TwoPhaseSettings oneAtOnce() {
        TwoPhaseSettings others = TwoBanks.SETTINGS;
        return new TwoPhaseSettings(
                others.workTimeout(),
                others.prepareTimeout(),
                others.decisionTimeout(),
                others.commitTimeout(),
                others.attempts(),
                others.backoff(),
                others.retention(),
                others.recoverEvery(),
                others.takeOverAfter(),
                1);
    }

    @Test
    void who_waits_comes_before_who_comes_later() throws InterruptedException {
        try (TwoBanks banks = TwoBanks.open();
                TwoPhaseTransactions transactions = banks.coordinator("one", banks.log(), Probe.NONE, oneAtOnce())) {
            // Without an order the one that came later is not always the first.
            for (int time = 0; time < 20; time++) {
                List<String> order = new CopyOnWriteArrayList<>();
                Thread waiting =
                        new Thread(() -> transactions.executeWithoutResult(transaction -> order.add("who waited")));

                transactions.executeWithoutResult(transaction -> {
                    waiting.start();
                    await().pollInterval(Duration.ofMillis(1))
                            .atMost(Duration.ofSeconds(30))
                            .until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
                });
                transactions.executeWithoutResult(transaction -> order.add("who came later"));
                waiting.join(10_000);

                assertThat(order).containsExactly("who waited", "who came later");
            }
        }
    }
}
