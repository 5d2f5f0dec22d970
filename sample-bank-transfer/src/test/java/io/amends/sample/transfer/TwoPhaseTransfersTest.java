package io.amends.sample.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.sample.transfer.TwoPhaseTransfer.Status;
import io.amends.test.postgres.EmbeddedPostgresServer;
import io.amends.twopc.CoordinatorName;
import io.amends.twopc.TransactionId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Whoever ends a transfer knows its newest run, and a transfer that has ended does not begin again. */
class TwoPhaseTransfersTest {

    private static final EmbeddedPostgresServer POSTGRES = EmbeddedPostgresServer.shared();
    private static final DataSource DATABASE = database();
    private static final CoordinatorName ONE = new CoordinatorName("transfers", "one");
    private static final CoordinatorName TWO = new CoordinatorName("transfers", "two");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration WEEK = Duration.ofDays(7);

    private final TransferModes modes = new TransferModes(JdbcClient.create(DATABASE));
    private final TwoPhaseTransfers transfers = new TwoPhaseTransfers(JdbcClient.create(DATABASE));
    private final TransactionId run = new TransactionId(UUID.randomUUID());
    private final TransactionId later = new TransactionId(UUID.randomUUID());
    private final Transfer order =
            new Transfer(UUID.randomUUID(), "bank-a", "alice", "bank-b", "bob", new BigDecimal("12.50"), null);

    private static DataSource database() {
        DataSource database =
                new DriverManagerDataSource(POSTGRES.freshDatabase(), POSTGRES.username(), POSTGRES.password());
        new ResourceDatabasePopulator(new ClassPathResource("db/migration/transfer/V1__two_phase_transfers.sql"))
                .execute(database);
        return database;
    }

    @BeforeEach
    void store() {
        JdbcClient.create(DATABASE).sql("delete from two_phase_transfer").update();
        modes.claim(order.id(), "2pc");
        assertThat(transfers.insert(order, ONE)).isTrue();
    }

    @Test
    void the_mode_that_is_said_first_counts() {
        assertThat(modes.claim(order.id(), "saga")).isEqualTo("2pc");
        assertThat(modes.claim(UUID.randomUUID(), "saga")).isEqualTo("saga");
    }

    @Test
    void a_transfer_is_stored_once_and_found_as_it_was_stored() {
        assertThat(transfers.insert(order, TWO)).isFalse();

        assertThat(transfers.find(order.id())).hasValueSatisfying(stored -> {
            assertThat(stored.order()).isEqualTo(order);
            assertThat(stored.coordinator()).isEqualTo("one");
            assertThat(stored.transaction()).isNull();
            assertThat(stored.status()).isEqualTo(Status.RUNNING);
        });
    }

    @Test
    void one_that_was_ended_before_its_work_does_not_begin() {
        assertThat(transfers.note(order.id(), null, Status.ABORTED, "too late")).isTrue();

        assertThat(transfers.begin(order.id(), run)).isFalse();
        assertThat(status()).isEqualTo(Status.ABORTED);
    }

    @Test
    void who_knows_an_older_run_only_does_not_end_it() {
        transfers.begin(order.id(), run);
        transfers.begin(order.id(), later);

        assertThat(transfers.note(order.id(), null, Status.ABORTED, "never begun"))
                .isFalse();
        assertThat(transfers.note(order.id(), run, Status.ABORTED, "an older run"))
                .isFalse();
        assertThat(transfers.note(order.id(), later, Status.COMMITTED, null)).isTrue();
        assertThat(transfers.note(order.id(), later, Status.ABORTED, "changed my mind"))
                .isFalse();
        assertThat(status()).isEqualTo(Status.COMMITTED);
    }

    @Test
    void its_coordinator_finds_what_is_left_at_once_and_others_after_a_while() {
        assertThat(open(ONE, MINUTE, WEEK)).containsExactly(order.id());
        assertThat(open(TWO, MINUTE, WEEK)).isEmpty();
        assertThat(open(TWO, Duration.ZERO, WEEK)).containsExactly(order.id());
        assertThat(open(new CoordinatorName("other", "one"), Duration.ZERO, WEEK))
                .isEmpty();
    }

    @Test
    void one_whose_decision_may_be_forgotten_is_left_alone_unless_it_is_known_to_commit() {
        transfers.begin(order.id(), run);
        assertThat(open(ONE, MINUTE, Duration.ZERO)).isEmpty();

        transfers.noteDecided(order.id(), run, "not told", Set.of("bank-b"));

        assertThat(open(ONE, MINUTE, Duration.ZERO)).containsExactly(order.id());
    }

    @Test
    void the_bank_that_is_not_known_to_have_committed_is_named_until_all_have() {
        transfers.begin(order.id(), run);
        transfers.noteDecided(order.id(), run, "not told", Set.of("bank-b"));

        assertThat(branches()).containsExactly("COMMITTED", "COMMIT_DECIDED");

        transfers.note(order.id(), run, Status.COMMITTED, null);
        assertThat(branches()).containsExactly("COMMITTED", "COMMITTED");
    }

    private List<String> branches() {
        TwoPhaseTransfer stored = transfers.find(order.id()).orElseThrow();
        return TransferView.of(stored).steps().stream()
                .map(TransferView.Step::status)
                .toList();
    }

    @Test
    void one_that_has_ended_is_not_left() {
        transfers.begin(order.id(), run);
        transfers.note(order.id(), run, Status.UNKNOWN, "nobody can tell");
        assertThat(open(ONE, MINUTE, WEEK)).hasSize(1);

        transfers.note(order.id(), run, Status.ABORTED, "decided");

        assertThat(open(ONE, MINUTE, WEEK)).isEmpty();
    }

    private List<UUID> open(CoordinatorName name, Duration takeOverAfter, Duration longest) {
        return transfers.open(name, takeOverAfter, longest, 10).stream()
                .map(transfer -> transfer.order().id())
                .toList();
    }

    private Status status() {
        return transfers.find(order.id()).orElseThrow().status();
    }
}
