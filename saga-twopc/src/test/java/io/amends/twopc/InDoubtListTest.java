package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class InDoubtListTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final TwoBanks banks = TwoBanks.open();

    @AfterEach
    void close() {
        banks.close();
    }

    @Test
    void each_branch_is_told_with_its_age_its_decision_and_the_sql_to_end_it() {
        TransactionId id = TwoBanks.newId();
        banks.decideCommit("gone", id, banks.prepareTransfer("gone", id, 10));

        try (TwoPhaseTransactions transactions = banks.coordinator("one")) {
            List<InDoubtBranch> branches = transactions.inDoubt().branches();

            assertThat(branches).extracting(branch -> branch.gid().branch()).containsExactly(TwoBanks.A, TwoBanks.B);
            assertThat(branches).allSatisfy(branch -> {
                assertThat(branch.decision()).isEqualTo(Outcome.COMMIT);
                assertThat(branch.running()).isFalse();
                assertThat(branch.age()).isLessThan(Duration.ofMinutes(1));
                assertThat(branch.advice())
                        .isEqualTo("In %s run: COMMIT PREPARED '%s'"
                                .formatted(banks.pool(branch.gid().branch()).getJdbcUrl(), branch.gid()));
            });
        }
    }

    @Test
    void the_sql_for_one_that_is_not_decided_settles_it_first_and_recovery_agrees() {
        TransactionId id = TwoBanks.newId();
        banks.prepareTransfer("gone", id, 10);

        try (TwoPhaseTransactions transactions = banks.coordinator("one")) {
            InDoubtBranch branch = transactions.inDoubt().branches().get(0);
            assertThat(branch.decision()).isNull();
            String settle = between(branch.advice(), " run: ", ". If that answers COMMIT");
            String rollback = branch.advice().substring(branch.advice().indexOf("ROLLBACK PREPARED"));

            String[] statements = settle.split("; ", 2);
            JdbcTemplate log = new JdbcTemplate(banks.poolLog);
            log.execute(statements[0]);
            assertThat(log.queryForObject(statements[1], String.class)).isEqualTo("ABORT");
            banks.jdbc(TwoBanks.A).execute(rollback);
            transactions.recover();

            assertThat(transactions.inDoubt().branches()).isEmpty();
        }
        assertThat(banks.violations()).isEmpty();
    }

    private static String between(String text, String start, String end) {
        return text.substring(text.indexOf(start) + start.length(), text.indexOf(end));
    }

    @Test
    void without_the_log_nobody_is_told_to_end_anything() {
        banks.prepareTransfer("gone", TwoBanks.newId(), 10);
        DecisionLog away = new ForwardingLog(banks.log()) {
            @Override
            public Map<TransactionId, Decision> find(Collection<TransactionId> transactions, Duration limit) {
                throw new DecisionLogException("reading decisions", false, new IOException("cut"));
            }
        };
        try (TwoPhaseTransactions transactions = banks.coordinator("one", away, Probe.NONE)) {
            InDoubtList list = transactions.inDoubt();

            assertThat(list.away()).singleElement().asString().contains("reading decisions");
            assertThat(list.branches())
                    .hasSize(2)
                    .allSatisfy(branch -> assertThat(branch.advice())
                            .doesNotContain("PREPARED")
                            .contains("readable"));
        }
        assertThat(banks.log().unfinished(1, LIMIT)).isEmpty();
    }
}
