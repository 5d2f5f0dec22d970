package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.sample.Installation.DemoRun;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Servers go away in the middle of a demo and come back; no process is started again. */
class OutageTest {

    private static final int TRANSFERS = 300;

    private final Installation installation = Installation.shared();
    private final long seed = System.nanoTime() % 1_000_000;

    @Test
    void everything_resumes_by_itself_when_kafka_returns() throws Exception {
        survives(() -> installation.kafka.restart());
    }

    @Test
    void everything_resumes_by_itself_when_postgresql_returns() throws Exception {
        survives(() -> installation.postgres.restart());
    }

    private void survives(Runnable outage) throws Exception {
        long before = started();
        CompletableFuture<DemoRun> demo = CompletableFuture.supplyAsync(() -> installation.demo(TRANSFERS, seed));
        await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> started() >= before + TRANSFERS / 4);

        outage.run();

        DemoRun ended = demo.get();
        assertThat(ended.exitCode()).as("seed %d:%n%s", seed, ended.output()).isZero();
        installation.awaitQuiet();
        assertThat(installation.whatIsWrong()).as("seed %d", seed).isEmpty();
    }

    private long started() {
        return installation.count("transfer", "select count(*) from saga_instance");
    }
}
