package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.sample.Api.Answer;
import io.amends.sample.MixedJournal.Movement;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Transfers by saga and by two-phase commit over the same few accounts, while processes die. CONTRIBUTING.md has the command for
 * 10,000 of them.
 */
class MixedTransfersTest {

    private static final int TRANSFERS = Integer.getInteger("mixed.transfers", 1_000);
    private static final long SEED = Long.getLong("mixed.seed", System.nanoTime() % 1_000_000);
    private static final int AT_ONCE = 16;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Set<String> ENDS = Set.of("COMPLETED", "COMPENSATED", "COMMITTED", "ABORTED");

    /** The first account of a bank is hot; the last has nothing at first. */
    private static final List<String> OPENED_WITH = List.of("400.00", "100.00", "100.00", "100.00", "0.00");

    private final Installation installation = Installation.shared();
    private final URI transfers = installation.transfer.uri();
    private final Map<String, URI> banks =
            Map.of("bank-a", installation.bankA.uri(), "bank-b", installation.bankB.uri());
    private final Random random = new Random(SEED);
    private final MixedJournal journal = new MixedJournal();

    @Test
    void money_moves_once_or_not_at_all_in_one_mode_whatever_dies() throws Exception {
        Map<String, List<String>> accounts = Map.of("bank-a", open("bank-a"), "bank-b", open("bank-b"));
        Queue<MixedOrder> orders = new ConcurrentLinkedQueue<>(MixedOrder.make(TRANSFERS, random, accounts));
        long begun = System.nanoTime();
        ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
        Map<String, Integer> kills;
        try {
            List<Future<?>> working = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                working.add(clients.submit(() -> sendAll(orders)));
            }
            kills = new RandomKills(installation, random)
                    .until(() -> working.stream().allMatch(Future::isDone), journal::size);
            for (Future<?> client : working) {
                client.get();
            }
        } finally {
            clients.shutdownNow();
        }
        System.out.printf(
                "Mixed transfers: seed %d, %d transfers in %.0f s, killed %s, ended as %s%n",
                SEED, TRANSFERS, (System.nanoTime() - begun) / 1e9, kills, journal.outcomes());

        assertAllWell(accounts);
    }

    private List<String> open(String bank) {
        return OPENED_WITH.stream()
                .map(balance -> Api.account(banks.get(bank), balance))
                .toList();
    }

    private void sendAll(Queue<MixedOrder> orders) {
        for (MixedOrder order = orders.poll(); order != null; order = orders.poll()) {
            send(order);
        }
    }

    /** Whatever is not answered is sent again with the same id, until the transfer has ended. */
    private void send(MixedOrder order) {
        CompletableFuture<?> other = order.twice()
                ? CompletableFuture.runAsync(
                        () -> patiently(() -> post(order, order.otherMode())),
                        // The JDK's common pool may have a single thread.
                        task -> new Thread(task, "background").start())
                : CompletableFuture.completedFuture(null);
        Answer accepted = patiently(() -> post(order, order.mode()));
        other.join();
        assertThat(accepted.status()).as("%s", accepted).isIn(202, 409);
        Answer ended = await("the end of %s, seed %d".formatted(order, SEED))
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInSameThread()
                .until(
                        () -> patiently(() -> Api.get(transfers, "/transfers/" + order.id() + "?wait=5s")),
                        answer -> answer.status() != 200 || ENDS.contains(answer.text("status")));
        assertThat(ended.status()).as("%s", ended).isEqualTo(200);
        journal.ended(order, ended.text("mode"), ended.text("status"));
        if (ended.text("status").equals("ABORTED") && !ended.text("reason").equals("insufficient funds")) {
            // It would only be told the same of all that it sends while a bank is away.
            banks.values().forEach(bank -> patiently(() -> Api.get(bank, "/audit")));
        }
    }

    private Answer post(MixedOrder order, String mode) {
        return Api.post(transfers, "/transfers?precheck=false", order.body(mode));
    }

    private static Answer patiently(Supplier<Answer> call) {
        return await("an answer, seed " + SEED)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInSameThread()
                .ignoreException(IllegalStateException.class)
                .until(call::get, answer -> answer.status() < 500);
    }

    private void assertAllWell(Map<String, List<String>> accounts) {
        installation.awaitQuiet();
        await("every branch has ended, and every commit is known to be carried out")
                .atMost(PATIENCE)
                .until(() -> installation.count("transfer", "select count(*) from pg_prepared_xacts")
                                + installation.count(
                                        "transfer",
                                        "select count(*) from twopc_decision where outcome = 'COMMIT' and done_at is null")
                        == 0);
        assertThat(journal.size()).as("seed %d", SEED).isEqualTo(TRANSFERS);
        assertThat(installation.whatIsWrong()).as("seed %d", SEED).isEmpty();
        assertThat(installation.count("transfer", "select count(*) from twopc_heuristic"))
                .as("seed %d: branches that ended otherwise than decided", SEED)
                .isZero();
        assertThat(installation.count("transfer", """
                        select count(*) from saga_instance i join two_phase_transfer t on t.transfer_id::text = i.business_key"""))
                .as("seed %d: transfers made in both modes", SEED)
                .isZero();
        List<Movement> ledger = new ArrayList<>();
        banks.keySet().forEach(bank -> ledger.addAll(ledger(bank)));
        assertThat(journal.violations(ledger)).as("seed %d", SEED).isEmpty();
        BigDecimal opened = OPENED_WITH.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(sum(accounts)).as("seed %d: money", SEED).isEqualByComparingTo(opened.add(opened));
        assertThat(journal.outcomes())
                .as("seed %d: refused and made in both modes", SEED)
                .containsKeys("2pc COMMITTED", "2pc ABORTED", "saga COMPLETED", "saga COMPENSATED");
    }

    private List<Movement> ledger(String bank) {
        return jdbc(bank)
                .query(
                        "select transfer_id::text, account, amount, kind from ledger_entry where transfer_id is not null",
                        (row, number) -> new Movement(
                                bank, row.getString(1), row.getString(2), row.getBigDecimal(3), row.getString(4)));
    }

    private BigDecimal sum(Map<String, List<String>> accounts) {
        return accounts.entrySet().stream()
                .flatMap(bank -> bank.getValue().stream()
                        .map(account -> Api.get(banks.get(bank.getKey()), "/accounts/" + account)))
                .map(account -> new BigDecimal(account.text("balance")))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private JdbcTemplate jdbc(String bank) {
        return new JdbcTemplate(new DriverManagerDataSource(
                installation.postgres.jdbcUrl(bank.replace('-', '_')),
                installation.postgres.username(),
                installation.postgres.password()));
    }
}
