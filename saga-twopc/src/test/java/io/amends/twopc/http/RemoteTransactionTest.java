package io.amends.twopc.http;

import static io.amends.twopc.EndpointBank.LIMIT;
import static io.amends.twopc.EndpointBank.amount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.test.postgres.EmbeddedPostgresServer;
import io.amends.twopc.CoordinatorName;
import io.amends.twopc.EndpointBank;
import io.amends.twopc.Gid;
import io.amends.twopc.InDoubtBranch;
import io.amends.twopc.JdbcDecisionLog;
import io.amends.twopc.JdbcParticipant;
import io.amends.twopc.Outcome;
import io.amends.twopc.Participant;
import io.amends.twopc.SpareDatabases;
import io.amends.twopc.TransactionAbortedException;
import io.amends.twopc.TransactionId;
import io.amends.twopc.TwoPhaseRefusedException;
import io.amends.twopc.TwoPhaseSettings;
import io.amends.twopc.TwoPhaseTransactions;
import io.amends.twopc.Vote;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Transfers from bank A, a database of the coordinator's, to bank B, a service. */
class RemoteTransactionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();
    private final HikariDataSource logPool = logPool();
    private final EndpointBank bankA = new EndpointBank();
    private final EndpointBank bankB = new EndpointBank();
    private final EndpointServer server = new EndpointServer(bankB::endpoint);
    private TwoPhaseTransactions transactions = coordinator("one", EndpointServer.SECRET);

    private TwoPhaseTransactions coordinator(String name, String secret) {
        List<Participant> participants = List.of(
                new JdbcParticipant("bank-a", bankA.dataSource()),
                new HttpParticipant("bank-b", server.uri(), secret, HttpClient.newHttpClient()));
        TwoPhaseSettings settings = new TwoPhaseSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                3,
                Duration.ofMillis(10),
                Duration.ofDays(7),
                Duration.ofHours(1),
                Duration.ofSeconds(60),
                4);
        return new TwoPhaseTransactions(
                new CoordinatorName("test", name),
                new JdbcDecisionLog(logPool, "test"),
                participants,
                settings,
                ids::generate,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    private static HikariDataSource logPool() {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(SpareDatabases.take());
        pool.setUsername(postgres.username());
        pool.setPassword(postgres.password());
        pool.setMaximumPoolSize(4);
        pool.setMinimumIdle(0);
        new SagaSchema(
                        pool,
                        SchemaMode.MIGRATE,
                        List.of(new SagaSchema.Scripts(JdbcDecisionLog.SCRIPTS_FOLDER, JdbcDecisionLog.SCRIPTS)))
                .apply();
        return pool;
    }

    @AfterEach
    void close() {
        transactions.close();
        server.close();
        bankA.close();
        bankB.close();
        logPool.close();
        SpareDatabases.giveBack(logPool.getJdbcUrl());
    }

    @Test
    void a_database_and_a_service_commit_together() {
        transfer(10);

        assertThat(bankA.balance()).isEqualTo(90);
        assertThat(bankB.balance()).isEqualTo(110);
        assertThat(server.calls()).containsExactly("prepare", "commit");
        nothingIsInDoubt();
    }

    @Test
    void a_business_no_of_the_service_undoes_all_and_is_told() {
        assertThatThrownBy(() -> transfer(-500)).isInstanceOfSatisfying(TransactionAbortedException.class, aborted -> {
            assertThat(aborted.branch()).isEqualTo("bank-b");
            assertThat(aborted.reason()).isEqualTo("insufficient funds");
        });
        unchanged();
        assertThat(server.calls()).containsExactly("prepare");
    }

    @Test
    void what_the_caller_throws_leaves_the_service_alone() {
        assertThatThrownBy(() -> transactions.executeWithoutResult(tx -> {
                    tx.remote("bank-b", amount(10));
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void a_lost_answer_to_prepare_undoes_all_of_it() {
        server.loseAnswersOf(path -> path.endsWith("prepare"));

        assertThatThrownBy(() -> transfer(10)).isInstanceOf(TransactionAbortedException.class);

        unchanged();
        assertThat(server.calls()).startsWith("prepare", "rollback");
    }

    @Test
    void a_prepare_that_comes_after_its_rollback_takes_no_effect() {
        Gid gid = gid("one");
        HttpParticipant participant = participant();

        participant.rollback(gid, null, LIMIT);

        assertThat(participant.prepare(gid, amount(10), LIMIT)).isInstanceOf(Vote.Refused.class);
        unchanged();
    }

    @Test
    void a_lost_answer_to_commit_is_made_up_for_by_recovery() {
        server.loseAnswersOf(path -> path.endsWith("commit"));
        transfer(10);
        assertThat(logNotDone()).isEqualTo(1);

        server.loseAnswersOf(path -> false);
        transactions.recover();

        assertThat(logNotDone()).isZero();
        assertThat(bankB.balance()).isEqualTo(110);
        assertThat(transactions.heuristics()).isEmpty();
        nothingIsInDoubt();
    }

    @Test
    void it_is_told_who_could_not_be_told() {
        assertThat(commit(10).untold()).isEmpty();

        server.answerInBetween(path -> path.endsWith("commit"));
        TwoPhaseTransactions.Committed<String> left = commit(20);

        assertThat(left.untold()).containsExactly("bank-b");
        assertThat(left.result()).isEqualTo("done");
        assertThat(transactions.outcome(left.transaction())).contains(Outcome.COMMIT);
        server.answerInBetween(path -> false);
        transactions.recover();
        nothingIsInDoubt();
    }

    private TwoPhaseTransactions.Committed<String> commit(int amount) {
        return transactions.commit(tx -> {
            tx.branch("bank-a", connection -> bankA.add(amount(-amount)));
            tx.remote("bank-b", amount(amount));
            return "done";
        });
    }

    @Test
    void a_service_that_stops_before_it_is_told_commits_when_it_is_back() {
        server.answerInBetween(path -> path.endsWith("commit"));
        transfer(10);
        assertThat(bankA.balance()).isEqualTo(90);
        assertThat(bankB.prepared()).isEqualTo(1);
        server.stop();

        transactions.recover();
        assertThat(transactions.inDoubt().away()).hasSize(1);

        bankB.restart();
        server.answerInBetween(path -> false);
        server.start();
        assertThat(transactions.inDoubt().branches())
                .extracting(InDoubtBranch::advice)
                .singleElement()
                .asString()
                .contains("COMMIT PREPARED", "database of the service at http://localhost");
        transactions.recover();

        assertThat(bankB.balance()).isEqualTo(110);
        nothingIsInDoubt();
    }

    @Test
    void a_coordinator_that_comes_back_commits_what_it_had_decided() {
        server.answerInBetween(path -> path.endsWith("commit"));
        transfer(10);
        transactions.close();
        server.answerInBetween(path -> false);

        transactions = coordinator("one", EndpointServer.SECRET);
        transactions.start();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(bankB.balance()).isEqualTo(110));
        nothingIsInDoubt();
    }

    @Test
    void a_coordinator_that_comes_back_rolls_back_what_it_had_not_decided() {
        participant().prepare(gid("one"), amount(10), LIMIT);
        assertThat(bankB.prepared()).isEqualTo(1);

        transactions.start();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(bankB.prepared()).isZero());
        unchanged();
    }

    @Test
    void branches_of_other_installations_and_young_ones_of_other_coordinators_are_left_alone() {
        Gid others = new Gid("other", "one", new TransactionId(ids.generate()), "bank-b");
        participant().prepare(others, amount(10), LIMIT);
        Gid young = gid("two");
        bankB.jdbc().execute("insert into account values ('bob', 0)");
        bankB.with((connection, work) -> bankB.jdbc().execute("update account set balance = 1 where name = 'bob'"))
                .prepare(young.text(), amount(0), LIMIT);

        transactions.recover();

        assertThat(bankB.prepared()).isEqualTo(2);
        bankB.endpoint().rollback(others.text(), null, LIMIT);
        bankB.endpoint().rollback(young.text(), null, LIMIT);
    }

    @Test
    void a_wrong_secret_is_found_at_the_start() {
        try (TwoPhaseTransactions stranger = coordinator("one", "not-the-right-secret")) {
            assertThatThrownBy(stranger::start)
                    .isInstanceOf(TwoPhaseRefusedException.class)
                    .hasMessageContaining("bank-b")
                    .hasMessageContaining("secret");
        }
    }

    private void transfer(int amount) {
        transactions.executeWithoutResult(tx -> {
            tx.branch("bank-a", connection -> bankA.add(amount(-10)));
            tx.remote("bank-b", amount(amount));
        });
    }

    private HttpParticipant participant() {
        return new HttpParticipant("bank-b", server.uri(), EndpointServer.SECRET, HttpClient.newHttpClient());
    }

    private Gid gid(String coordinator) {
        return new Gid("test", coordinator, new TransactionId(ids.generate()), "bank-b");
    }

    private void unchanged() {
        assertThat(bankA.balance()).isEqualTo(100);
        assertThat(bankB.balance()).isEqualTo(100);
        nothingIsInDoubt();
    }

    private void nothingIsInDoubt() {
        assertThat(bankA.prepared()).isZero();
        assertThat(bankB.prepared()).isZero();
    }

    private int logNotDone() {
        Integer open = new JdbcTemplate(logPool)
                .queryForObject("select count(*) from twopc_decision where done_at is null", Integer.class);
        return open == null ? 0 : open;
    }
}
