package io.amends.spring.boot.autoconfigure.runtime.deferred;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.DeferredReplies;
import io.amends.runtime.DeferredReplies.Result;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.Reply;
import io.amends.saga.ReplyToken;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.autoconfigure.runtime.deferred.LoanApplication.Granted;
import io.amends.spring.boot.autoconfigure.runtime.deferred.LoanApplication.Loan;
import io.amends.spring.boot.autoconfigure.runtime.deferred.LoanApplication.LoanSaga;
import io.amends.spring.boot.autoconfigure.runtime.deferred.LoanApplication.Refused;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

class DeferredRepliesAutoConfigurationTest {

    private static ConfigurableApplicationContext application;
    private static JdbcTemplate jdbc;
    private static Sagas sagas;

    @BeforeAll
    static void start() {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        application = new SpringApplicationBuilder(LoanApplication.class)
                .run(
                        "--spring.flyway.enabled=false",
                        "--saga.topics.partitions=2",
                        "--saga.orchestrator.timer-interval=50ms",
                        "--spring.datasource.url=" + postgres.freshDatabase(),
                        "--spring.datasource.username=" + postgres.username(),
                        "--spring.datasource.password=" + postgres.password(),
                        "--spring.kafka.bootstrap-servers="
                                + EmbeddedKafkaBroker.shared().bootstrapServers());
        jdbc = application.getBean(JdbcTemplate.class);
        jdbc.execute("create table question (loan_id text not null, token text not null)");
        sagas = application.getBean(Sagas.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void a_step_waits_through_repeats_of_its_command_until_its_token_answers_it() {
        sagas.start(LoanSaga.class, new Loan("good"), SagaKey.of("good"));
        awaitRepeats("good");
        assertThat(phase("good")).isEqualTo(SagaPhase.RUNNING);

        assertThat(complete("good", new Granted())).isEqualTo(Result.DONE);
        awaitPhase("good", SagaPhase.COMPLETED);
        assertThat(tokens("good")).hasSize(1);
    }

    @Test
    void a_rejection_that_comes_later_turns_the_saga_back() {
        sagas.start(LoanSaga.class, new Loan("bad"), SagaKey.of("bad"));
        awaitRepeats("bad");

        assertThat(complete("bad", new Refused("no income"))).isEqualTo(Result.DONE);
        awaitPhase("bad", SagaPhase.COMPENSATED);
        assertThat(complete("bad", new Granted())).isEqualTo(Result.ALREADY_ANSWERED);
    }

    private static Result complete(String loan, Reply reply) {
        return application
                .getBean(DeferredReplies.class)
                .complete(ReplyToken.of(tokens(loan).get(0)), reply);
    }

    private static List<String> tokens(String loan) {
        return jdbc.queryForList("select token from question where loan_id = ?", String.class, loan);
    }

    /** Until the clerks have the question and its command was sent again. */
    private static void awaitRepeats(String loan) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> !tokens(loan).isEmpty()
                        && !jdbc.queryForList("""
                                select attempts from saga_step join saga_instance using (saga_id)
                                 where business_key = ? and step = 'ask-clerk' and attempts >= 3""", Integer.class, loan).isEmpty());
    }

    private static void awaitPhase(String loan, SagaPhase phase) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> phase(loan) == phase);
    }

    private static SagaPhase phase(String loan) {
        return sagas.find("loan", SagaKey.of(loan)).map(SagaSnapshot::phase).orElseThrow();
    }
}
