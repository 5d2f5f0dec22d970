package io.amends.spring.boot.autoconfigure.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import io.amends.spring.boot.autoconfigure.twopc.bank.BankApplication;
import io.amends.spring.boot.autoconfigure.twopc.transfers.TransferApplication;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import io.amends.twopc.BranchState;
import io.amends.twopc.CoordinatorName;
import io.amends.twopc.Gid;
import io.amends.twopc.RemoteWork;
import io.amends.twopc.TransactionAbortedException;
import io.amends.twopc.TransactionId;
import io.amends.twopc.TwoPhaseEndpoint;
import io.amends.twopc.TwoPhaseRefusedException;
import io.amends.twopc.TwoPhaseTransactions;
import io.amends.twopc.Vote;
import io.amends.twopc.http.HttpParticipant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Two applications: one coordinates over a database of its own and the other, which is bank B. */
@ExtendWith(OutputCaptureExtension.class)
class TwoPhaseApplicationTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SECRET = "a-secret-of-the-test";
    private static final EmbeddedPostgresServer POSTGRES = EmbeddedPostgresServer.shared();

    private static final String BANK_A = withAccount();
    private static final String BANK_B = withAccount();
    private static final String TRANSFERS = POSTGRES.freshDatabase();

    private static ConfigurableApplicationContext bank;
    private static URI bankUri;

    private final List<ConfigurableApplicationContext> started = new ArrayList<>();

    @BeforeAll
    static void startBank() {
        bank = run(
                BankApplication.class,
                BANK_B,
                "--spring.main.web-application-type=servlet",
                "--server.port=0",
                "--saga.twopc.endpoint.secret=" + SECRET);
        bankUri = URI.create("http://localhost:" + bank.getEnvironment().getProperty("local.server.port"));
    }

    @AfterAll
    static void stopBank() {
        bank.close();
    }

    @BeforeEach
    void hundredEach() {
        List.of(BANK_A, BANK_B).forEach(url -> jdbc(url).execute("update account set balance = 100"));
    }

    @AfterEach
    void stop() {
        started.forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void a_database_and_a_service_commit_together(CapturedOutput output) throws SQLException {
        TwoPhaseTransactions transactions = transfers().getBean(TwoPhaseTransactions.class);

        transfer(transactions, 10);

        assertThat(balances()).containsExactly(90, 110);
        assertThat(prepared()).isZero();
        assertThat(output)
                .contains(
                        "Two-phase commit of installation transfers as coordinator transfers-1, with bank-a (jdbc:postgresql://")
                .contains("bank-b (the database of the service at " + bankUri + "/twopc)");
    }

    @Test
    void the_no_of_the_service_is_told_and_undoes_all() {
        TwoPhaseTransactions transactions = transfers().getBean(TwoPhaseTransactions.class);

        assertThatThrownBy(() -> transfer(transactions, -500))
                .isInstanceOfSatisfying(TransactionAbortedException.class, aborted -> {
                    assertThat(aborted.branch()).isEqualTo("bank-b");
                    assertThat(aborted.reason()).isEqualTo("insufficient funds");
                });
        assertThat(balances()).containsExactly(100, 100);
        assertThat(prepared()).isZero();
    }

    @Test
    void what_a_coordinator_has_left_is_rolled_back_once_it_starts_again_and_is_measured() {
        Gid gid = gid("transfers-1");
        Gid others = gid("transfers-2");
        TwoPhaseEndpoint endpoint = bank.getBean(TwoPhaseEndpoint.class);
        assertThat(endpoint.prepare(gid.text(), amount(10), LIMIT)).isInstanceOf(Vote.Prepared.class);
        jdbc(BANK_A)
                .execute("begin; insert into note values ('x'); prepare transaction '%s'"
                        .formatted(
                                new Gid(others.installation(), others.coordinator(), others.transaction(), "bank-a")));

        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        transfers().getBean(TwoPhaseMetrics.class).bindTo(meters);

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(endpoint.inDoubt("amends:", LIMIT)).isEmpty();
            assertThat(meters.get("saga.twopc.in.doubt").gauge().value()).isEqualTo(1);
            assertThat(meters.get("saga.twopc.in.doubt.oldest").gauge().value()).isPositive();
        });
        assertThat(balances()).containsExactly(100, 100);
        jdbc(BANK_A)
                .execute("rollback prepared '%s'"
                        .formatted(
                                new Gid(others.installation(), others.coordinator(), others.transaction(), "bank-a")));
    }

    @Test
    void all_verbs_of_the_endpoint_are_served() {
        HttpParticipant participant = new HttpParticipant("bank-b", bankUri, SECRET, HttpClient.newHttpClient());
        Gid gid = gid("elsewhere");

        String xid = ((Vote.Prepared) participant.prepare(gid, amount(10), LIMIT)).xid();
        assertThat(xid).isNotNull();
        assertThat(participant.listInDoubt("amends:transfers:", LIMIT)).hasSize(1);
        assertThat(participant.commit(gid, xid, LIMIT)).isEqualTo(BranchState.COMMITTED);
        assertThat(participant.states(List.of(xid), LIMIT)).containsEntry(xid, BranchState.COMMITTED);
        assertThat(participant.rollback(gid, xid, LIMIT)).isEqualTo(BranchState.COMMITTED);
        assertThat(participant.rollback(gid("elsewhere"), null, LIMIT)).isEqualTo(BranchState.ROLLED_BACK);
    }

    @Test
    void without_the_secret_the_endpoint_does_nothing() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(bankUri.resolve("/twopc/" + gid("x") + "/prepare"))
                .POST(HttpRequest.BodyPublishers.ofString("10"))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(prepared()).isZero();
    }

    @Test
    void a_coordinator_with_the_wrong_secret_does_not_start() {
        assertThatThrownBy(() -> transfers("--saga.twopc.participants.bank-b.secret=not-the-right-secret"))
                .hasRootCauseInstanceOf(TwoPhaseRefusedException.class)
                .rootCause()
                .hasMessageContaining("bank-b");
    }

    @Test
    void an_endpoint_without_a_secret_does_not_start() {
        assertThatThrownBy(() -> run(
                        BankApplication.class, BANK_B, "--spring.main.web-application-type=servlet", "--server.port=0"))
                .hasRootCauseInstanceOf(InvalidSagaPropertiesException.class)
                .rootCause()
                .hasMessageContaining("saga.twopc.endpoint.secret is not set");
    }

    @Test
    void an_endpoint_that_could_use_up_its_pool_does_not_start() {
        assertThatThrownBy(() -> run(
                        BankApplication.class,
                        BANK_B,
                        "--saga.twopc.endpoint.secret=" + SECRET,
                        "--spring.datasource.hikari.maximum-pool-size=8"))
                .hasRootCauseInstanceOf(InvalidSagaPropertiesException.class)
                .rootCause()
                .hasMessageContaining("saga.twopc.endpoint.concurrency is 8, but the pool has 8 connections");
    }

    @Test
    void a_participant_can_not_share_the_pool_of_the_log_and_a_bean_must_be_there() {
        assertThatThrownBy(() -> transfers(
                        "--saga.twopc.participants.own.data-source=dataSource",
                        "--saga.twopc.participants.other.data-source=missing"))
                .rootCause()
                .isInstanceOfSatisfying(
                        InvalidSagaPropertiesException.class,
                        invalid -> assertThat(invalid.problems())
                                .hasSize(2)
                                .anySatisfy(problem -> assertThat(problem).contains("own", "pool of the decision log"))
                                .anySatisfy(problem -> assertThat(problem).contains("missing")));
    }

    @Test
    void without_participants_and_work_there_is_nothing_of_it() {
        ConfigurableApplicationContext plain = run(TransferApplication.class, TRANSFERS);
        started.add(plain);

        assertThat(plain.getBeansOfType(TwoPhaseTransactions.class)).isEmpty();
        assertThat(plain.getBeansOfType(TwoPhaseEndpoint.class)).isEmpty();
        assertThat(plain.getBeansOfType(CoordinatorName.class)).isEmpty();
    }

    private ConfigurableApplicationContext transfers(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--saga.twopc.installation=transfers",
                "--saga.twopc.coordinator=transfers-1",
                "--saga.twopc.participants.bank-a.url=" + BANK_A,
                "--saga.twopc.participants.bank-a.username=" + POSTGRES.username(),
                "--saga.twopc.participants.bank-a.password=" + POSTGRES.password(),
                "--saga.twopc.participants.bank-b.uri=" + bankUri));
        List<String> others = List.of(more);
        if (others.stream().noneMatch(argument -> argument.contains("bank-b.secret"))) {
            arguments.add("--saga.twopc.participants.bank-b.secret=" + SECRET);
        }
        arguments.addAll(others);
        ConfigurableApplicationContext application =
                run(TransferApplication.class, TRANSFERS, arguments.toArray(String[]::new));
        started.add(application);
        return application;
    }

    private static ConfigurableApplicationContext run(Class<?> application, String database, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.main.banner-mode=off",
                "--spring.flyway.enabled=false",
                "--spring.datasource.url=" + database,
                "--spring.datasource.username=" + POSTGRES.username(),
                "--spring.datasource.password=" + POSTGRES.password(),
                "--spring.kafka.bootstrap-servers="
                        + EmbeddedKafkaBroker.shared().bootstrapServers()));
        arguments.addAll(List.of(more));
        return new SpringApplicationBuilder(application).run(arguments.toArray(String[]::new));
    }

    private static void transfer(TwoPhaseTransactions transactions, int amount) throws SQLException {
        transactions.executeWithoutResult(tx -> {
            tx.branch("bank-a", connection -> {
                try (var statement = connection.createStatement()) {
                    statement.execute("update account set balance = balance - 10");
                }
            });
            tx.remote("bank-b", amount(amount));
        });
    }

    private static RemoteWork amount(int amount) {
        return new RemoteWork(Integer.toString(amount).getBytes(StandardCharsets.UTF_8), "text/plain");
    }

    private static Gid gid(String coordinator) {
        return new Gid("transfers", coordinator, new TransactionId(UUID.randomUUID()), "bank-b");
    }

    private static String withAccount() {
        String url = POSTGRES.freshDatabase();
        jdbc(url).execute("create table account (balance integer not null); insert into account values (100)");
        jdbc(url).execute("create table note (text text)");
        return url;
    }

    private static List<Integer> balances() {
        return List.of(BANK_A, BANK_B).stream()
                .map(url -> jdbc(url).queryForObject("select balance from account", Integer.class))
                .toList();
    }

    private static int prepared() {
        Integer prepared = jdbc(BANK_B)
                .queryForObject(
                        "select count(*) from pg_prepared_xacts where gid like 'amends:transfers:%'", Integer.class);
        return prepared == null ? 0 : prepared;
    }

    private static JdbcTemplate jdbc(String url) {
        return new JdbcTemplate(new DriverManagerDataSource(url, POSTGRES.username(), POSTGRES.password()));
    }
}
