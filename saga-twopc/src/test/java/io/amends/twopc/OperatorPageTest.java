package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What docs/two-phase-commit.md tells an operator to run, run as it stands there. */
class OperatorPageTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final TwoBanks banks = TwoBanks.open();

    @AfterEach
    void close() {
        banks.close();
    }

    @Test
    void an_operator_who_follows_the_page_finds_and_ends_a_branch_as_recovery_would() throws IOException {
        List<String> sql = statements();
        assertThat(sql).hasSize(6);
        TransactionId id = TwoBanks.newId();
        banks.prepareTransfer("gone", id, 10);
        String gid = TwoBanks.gid("gone", id, TwoBanks.A).text();
        List<String> parts = List.of(gid.split(":"));

        assertThat(banks.jdbc(TwoBanks.A).queryForList(sql.get(0)))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("gid", gid));
        CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(
                () -> banks.jdbc(TwoBanks.A).update("update account set balance = balance + 1 where id = 1"));
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(banks.jdbc(TwoBanks.A).queryForList(sql.get(1)))
                        .singleElement()
                        .satisfies(
                                row -> assertThat(row.get("query").toString()).startsWith("update account")));

        String decision = sql.get(2).replace("<transaction>", parts.get(3));
        assertThat(banks.jdbc("log").queryForList(decision)).isEmpty();
        banks.jdbc("log")
                .update(sql.get(3)
                        .replace("<transaction>", parts.get(3))
                        .replace("<installation>", parts.get(1))
                        .replace("<coordinator>", parts.get(2)));
        assertThat(banks.jdbc("log").queryForList(decision))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("outcome", "ABORT"));
        banks.jdbc(TwoBanks.A).execute(sql.get(5).replace("<name>", gid));

        assertThat(waiting).succeedsWithin(LIMIT).isEqualTo(1);
        banks.jdbc(TwoBanks.A).update("update account set balance = balance - 1 where id = 1");
        try (TwoPhaseTransactions transactions = banks.coordinator("one")) {
            transactions.recover();
            assertThat(transactions.heuristics()).isEmpty();
        }
        assertThat(banks.violations()).isEmpty();
    }

    @Test
    void a_decision_to_commit_is_left_alone_and_carried_out() throws IOException {
        List<String> sql = statements();
        TransactionId id = TwoBanks.newId();
        banks.decideCommit("gone", id, banks.prepareTransfer("gone", id, 10));

        assertThat(banks.jdbc("log")
                        .update(sql.get(3)
                                .replace("<transaction>", id.hex())
                                .replace("<installation>", TwoBanks.INSTALLATION)
                                .replace("<coordinator>", "gone")))
                .isZero();
        for (String bank : List.of(TwoBanks.A, TwoBanks.B)) {
            String gid = TwoBanks.gid("gone", id, bank).text();
            banks.jdbc(bank).execute(sql.get(4).replace("<name>", gid));
        }

        assertThat(banks.balance(TwoBanks.B)).isEqualTo(110);
        assertThat(banks.violations()).isEmpty();
    }

    /** In the order of the page, without the comments. */
    private static List<String> statements() throws IOException {
        String page = Files.readString(Path.of("../docs/two-phase-commit.md"));
        String block = page.split("```sql\n")[1].split("```")[0];
        String code = block.lines().filter(line -> !line.startsWith("--")).collect(Collectors.joining("\n"));
        return Arrays.stream(code.split(";"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }
}
