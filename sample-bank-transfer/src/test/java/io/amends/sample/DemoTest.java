package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.sample.Installation.DemoRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo: in one process, against three, and from a file. */
class DemoTest {

    private static final List<String> ANY_PORT = List.of("--transfer.port=0", "--bank-a.port=0", "--bank-b.port=0");

    @Test
    void runs_in_one_process_on_embedded_servers_and_exits_with_0() throws Exception {
        Process process = RoleProcess.java(
                "all-in-one",
                List.of("--demo", "--demo.transfers=60", ANY_PORT.get(0), ANY_PORT.get(1), ANY_PORT.get(2)));

        assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void ended_from_the_keyboard_the_roles_stop_before_their_servers_and_nothing_is_wrong(@TempDir Path folder)
            throws Exception {
        Path out = folder.resolve("out.txt");
        Process process = RoleProcess.java(out, ANY_PORT);
        await().atMost(Duration.ofSeconds(120))
                .until(() -> Files.readString(out).contains("Make a transfer at") || !process.isAlive());

        process.destroy();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(out)).doesNotContain("ERROR", "Exception", "did not end", "was not given back");
    }

    @Test
    void runs_against_three_processes_and_says_what_became_of_the_money() {
        DemoRun demo = Installation.shared().demo(200, 11);

        assertThat(demo.exitCode()).as(demo.output()).isZero();
        assertThat(demo.output())
                .contains("seed 11", "180 completed, 20 compensated", "p50", "p99", "before", "after", "in transit")
                .contains("no money was made or lost");
    }

    @Test
    void reports_bad_lines_of_a_file_and_runs_the_others(@TempDir Path folder) throws Exception {
        Installation installation = Installation.shared();
        String from = Api.account(installation.bankA.uri(), "10.00");
        String to = Api.account(installation.bankB.uri(), "0.00");
        String good = UUID.randomUUID().toString();
        Path file = folder.resolve("transfers.csv");
        Files.writeString(file, """
                transferId,fromBank,fromAccount,toBank,toAccount,amount
                %s,bank-a,%s,bank-b,%s,1.00
                %s,bank-a,%s,bank-c,%s,1.00
                only,three,fields
                not-an-id,bank-a,%s,bank-b,%s,1.00
                """.formatted(good, from, to, UUID.randomUUID(), from, to, from, to));
        Path out = folder.resolve("out.txt");
        Process process = RoleProcess.java(
                out,
                List.of(
                        "--role=demo",
                        "--transfer.url=" + installation.transfer.uri(),
                        "--bank-a.url=" + installation.bankA.uri(),
                        "--bank-b.url=" + installation.bankB.uri(),
                        "--transfers=" + file));

        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

        String printed = Files.readString(out, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(printed).isZero();
        assertThat(printed)
                .contains("Line 4 is not run: it has 3 fields instead of 6")
                .contains("Line 3 is refused: 400 toBank:")
                .contains("Line 5 is refused: 400 transferId:")
                .contains("1 completed, 0 compensated, 2 refused, 0 open");
        assertThat(Api.get(installation.transfer.uri(), "/transfers/" + good).text("status"))
                .isEqualTo("COMPLETED");
    }
}
