package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.amends.test.postgres.EmbeddedPostgresServer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class StartupCheckTest {

    private static final DataSource NOWHERE = new DriverManagerDataSource("jdbc:postgresql://localhost:1/x");

    private final TwoBanks banks = TwoBanks.open();

    @AfterEach
    void close() {
        banks.close();
    }

    private TwoPhaseTransactions transactions(DecisionLog log, List<Participant> participants) {
        return new TwoPhaseTransactions(
                new CoordinatorName(TwoBanks.INSTALLATION, "one"),
                log,
                participants,
                TwoBanks.SETTINGS,
                UUID::randomUUID,
                () -> 0.5);
    }

    private String refusal(DecisionLog log, Participant... participants) {
        try (TwoPhaseTransactions transactions = transactions(log, List.of(participants))) {
            StringBuilder message = new StringBuilder();
            assertThatExceptionOfType(TwoPhaseRefusedException.class)
                    .isThrownBy(transactions::start)
                    .satisfies(refused -> message.append(refused.getMessage()));
            return message.toString();
        }
    }

    @Test
    void two_banks_that_are_as_they_should_be_may_start() {
        try (TwoPhaseTransactions transactions = transactions(banks.log(), banks.participants())) {
            assertThatCode(transactions::start).doesNotThrowAnyException();
        }
    }

    @Test
    void a_database_that_can_not_prepare_is_refused_with_the_number_that_is_wanted() {
        try (EmbeddedPostgresServer server =
                EmbeddedPostgresServer.start(null, Map.of("max_prepared_transactions", "0"))) {
            DataSource pool = new DriverManagerDataSource(server.freshDatabase(), server.username(), server.password());

            assertThat(refusal(banks.log(), new JdbcParticipant("bank-c", pool)))
                    .contains("bank-c")
                    .contains("max_prepared_transactions is 0")
                    .contains("16 transactions may run at once")
                    .contains("jdbc:postgresql://localhost:" + server.port());
        }
    }

    @Test
    void all_problems_are_told_at_once() {
        JdbcDecisionLog noTables = new JdbcDecisionLog(banks.poolA, TwoBanks.INSTALLATION);
        banks.prepare(
                TwoBanks.A, TwoBanks.gid("one", TwoBanks.newId(), TwoBanks.A).text(), -10);

        assertThat(refusal(noTables, new JdbcParticipant(TwoBanks.A, clerk(banks.poolA.getJdbcUrl()))))
                .contains("twopc_decision")
                .contains("V3_001__decisions.sql")
                .contains("belong to postgres, and user clerk may not end them");
    }

    @Test
    void a_log_that_may_not_be_written_is_refused_with_the_grant() {
        JdbcDecisionLog readable = new JdbcDecisionLog(clerk(banks.poolLog.getJdbcUrl()), TwoBanks.INSTALLATION);

        assertThat(refusal(readable)).contains("grant select, insert, update, delete on twopc_decision");
    }

    private DataSource clerk(String url) {
        JdbcTemplate jdbc = new JdbcTemplate(banks.poolA);
        if (jdbc.queryForList("select 1 from pg_roles where rolname = 'clerk'").isEmpty()) {
            jdbc.execute("create role clerk login password 'clerk'");
        }
        return new DriverManagerDataSource(url, "clerk", "clerk");
    }

    @Test
    void a_log_that_is_away_is_refused() {
        assertThat(refusal(new JdbcDecisionLog(NOWHERE, TwoBanks.INSTALLATION)))
                .contains("log of decisions")
                .contains("can't be reached");
    }

    @Test
    void a_participant_that_is_away_may_come_later() {
        try (TwoPhaseTransactions transactions =
                transactions(banks.log(), List.of(new JdbcParticipant("bank-c", NOWHERE)))) {
            assertThatCode(transactions::start).doesNotThrowAnyException();
        }
    }

    @Test
    void names_that_are_too_long_or_double_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transactions(banks.log(), List.of(new JdbcParticipant("b".repeat(180), NOWHERE))))
                .withMessageContaining("PostgreSQL takes 199");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transactions(
                        banks.log(), List.of(new JdbcParticipant("b", NOWHERE), new JdbcParticipant("b", NOWHERE))));
    }
}
