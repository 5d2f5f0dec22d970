package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.sample.Installation.DemoRun;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes are killed with SIGKILL in the middle of a demo and started again; everything must come out right. */
class KillTest {

    private static final int TRANSFERS = 400;

    private final Installation installation = Installation.shared();
    private final long seed = System.nanoTime() % 1_000_000;

    @ParameterizedTest
    @ValueSource(strings = {"transfer", "bank-a", "bank-b"})
    void a_role_that_is_killed_and_started_again_finishes_every_transfer_once(String victim) throws Exception {
        RoleProcess role = switch (victim) {
            case "transfer" -> installation.transfer;
            case "bank-a" -> installation.bankA;
            default -> installation.bankB;
        };
        long before = started();
        CompletableFuture<DemoRun> demo = CompletableFuture.supplyAsync(() -> installation.demo(TRANSFERS, seed));
        awaitStarted(before + TRANSFERS / 4);
        role.kill();
        role.restart();
        role.awaitHealthy();
        awaitStarted(before + TRANSFERS / 2);
        role.kill();
        role.restart();

        assertAllWell(demo.get());
        role.awaitHealthy();
    }

    @Test
    void a_killed_host_of_the_relay_publishes_what_it_left_once_it_is_back() throws Exception {
        installation.transfer.close();
        RoleProcess host = RoleProcess.start("transfer", RoleProcess.freePort(), installation.transferOptions());
        RoleProcess withoutRelay = RoleProcess.start(
                "transfer",
                installation.transfer.uri().getPort(),
                installation.transferOptions("--saga.relay.enabled=false"));
        try {
            host.awaitHealthy();
            withoutRelay.awaitHealthy();
            long before = started();
            CompletableFuture<DemoRun> demo = CompletableFuture.supplyAsync(() -> installation.demo(TRANSFERS, seed));
            awaitStarted(before + TRANSFERS / 4);
            host.kill();
            await("messages wait for the relay")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> installation.count("transfer", "select count(*) from saga_outbox_pending") > 0);
            host.restart();

            assertAllWell(demo.get());
        } finally {
            withoutRelay.close();
            host.close();
            installation.transfer.restart();
            installation.transfer.awaitHealthy();
        }
    }

    private void assertAllWell(DemoRun demo) {
        assertThat(demo.exitCode()).as("seed %d:%n%s", seed, demo.output()).isZero();
        installation.awaitQuiet();
        assertThat(installation.whatIsWrong()).as("seed %d", seed).isEmpty();
    }

    private long started() {
        return installation.count("transfer", "select count(*) from saga_instance");
    }

    private void awaitStarted(long count) {
        await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> started() >= count);
    }
}
