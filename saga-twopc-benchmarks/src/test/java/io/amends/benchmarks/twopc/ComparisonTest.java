package io.amends.benchmarks.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.benchmarks.twopc.bank.Bank;
import io.amends.benchmarks.twopc.contender.Kind;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few transfers, to see that everyone takes part; the figures mean nothing. */
class ComparisonTest {

    private static final Installation INSTALLATION =
            new Installation(Options.of("--jvm-options=-Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"));

    @AfterAll
    static void close() {
        INSTALLATION.close();
    }

    @Test
    void everyone_moves_money_from_bank_to_bank_and_the_page_shows_it(@TempDir Path folder) {
        Options options = Options.of(
                "--rounds=1",
                "--measures=LOAD,HOT",
                "--in-flight=4",
                "--window=500ms",
                "--settle=500ms",
                "--warm-up=0s",
                "--seed=7",
                "--write=" + folder);

        String report = Comparison.run(options, INSTALLATION);

        for (Kind kind : Kind.values()) {
            assertThat(report).contains("| " + kind.text() + " | 4 |").contains("| " + kind.text() + " | 32 |");
        }
        assertThat(folder.resolve(Page.FILE)).content().contains(report.strip());
        assertThat(folder.resolve("images/saga-or-2pc-throughput.svg"))
                .content()
                .contains("<svg");
        assertThat(folder.resolve("images/saga-or-2pc-latency.svg")).exists();
    }

    @Test
    void a_contender_that_loses_money_fails_the_run() throws SQLException {
        UUID lost = UUID.fromString("00000000-0000-7000-8000-000000000001");
        try (Connection connection = INSTALLATION.servers().connect("bank-a")) {
            Bank.debit(connection, lost, Bank.account(1), BigDecimal.TEN);
        }

        assertThatThrownBy(() -> INSTALLATION.audit().check(Measure.LOAD, Kind.TWO_PHASE))
                .hasMessageContaining("money came or went")
                .hasMessageContaining("the banks do not have the same transfers");

        // Also for those that come after.
        try (Connection connection = INSTALLATION.servers().connect("bank-b")) {
            Bank.credit(connection, lost, Bank.account(1), BigDecimal.TEN);
        }
        INSTALLATION.audit().told(1, 0);
        INSTALLATION.audit().check(Measure.LOAD, Kind.TWO_PHASE);
    }
}
