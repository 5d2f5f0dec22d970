package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.sample.Api.Answer;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the previous version left behind in the middle of its work, the present one brings to its end. */
class UpgradeTest {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** While roles are replaced one by one, processes of the previous version go on beside those of the present one. */
    private static final int STARTED_MEANWHILE = 3;

    @Test
    void every_saga_that_the_previous_version_left_behind_or_starts_meanwhile_ends_in_the_present_one()
            throws Exception {
        try (EmbeddedPostgresServer postgres = EmbeddedPostgresServer.start();
                EmbeddedKafkaBroker kafka = EmbeddedKafkaBroker.start()) {
            Release.last().restore(postgres);
            sagasOfAllKindsAreThere(postgres);
            EarlierProcess previous = new EarlierProcess(Release.last(), postgres.jdbcUrl("transfer"));
            EarlierProcess.Begun example = previous.begun();
            Set<UUID> meanwhile = new HashSet<>();
            try (Installation installation = Installation.on(postgres, kafka.bootstrapServers())) {
                for (int i = 0; i < STARTED_MEANWHILE; i++) {
                    meanwhile.add(previous.startsLike(example));
                }
                await("what was under way has ended")
                        .atMost(LIMIT)
                        .until(() -> open(installation, "'RUNNING', 'COMPENSATING'") == 0);
                Console console = new Console(installation.transfer.uri(), Installation.CONSOLE_PASSWORD);
                for (UUID stuck : stuck(installation)) {
                    Answer retried = console.order("operator", stuck, "retry", console.revision(stuck));
                    assertThat(retried.status()).as("%s", retried).isEqualTo(200);
                }
                await("what was stuck has ended after a retry")
                        .atMost(LIMIT)
                        .until(() -> open(installation, "'RUNNING', 'COMPENSATING', 'STUCK'") == 0);

                assertThat(meanwhile)
                        .allSatisfy(id -> assertThat(phase(installation, id)).isEqualTo("COMPLETED"));
                installation.awaitQuiet();
                assertThat(installation.whatIsWrong()).isEmpty();
                assertThat(inTransit(installation, "bank_a") + inTransit(installation, "bank_b"))
                        .isZero();
                assertThat(installation.count("transfer", "select count(*) from saga_parked"))
                        .isEqualTo(1);
                assertThat(installation.count("transfer", "select count(*) from saga_inbox_quarantine"))
                        .isEqualTo(1);
            }
        }
    }

    /** Lest the test be content with databases in which nothing is under way. */
    private static void sagasOfAllKindsAreThere(EmbeddedPostgresServer postgres) throws Exception {
        try (var connection = Release.dataSource(postgres.jdbcUrl("transfer")).getConnection()) {
            assertThat(DatabaseText.texts(connection, "select distinct phase from saga_instance"))
                    .contains("RUNNING", "COMPENSATING", "STUCK", "COMPLETED", "COMPENSATED");
            assertThat(DatabaseText.texts(connection, """
                    select distinct step from saga_step join saga_instance using (saga_id)
                     where status in ('SENT', 'COMPENSATING') and phase in ('RUNNING', 'COMPENSATING')"""))
                    .contains("reserve-funds", "credit-destination", "capture-funds");
            assertThat(DatabaseText.texts(connection, "select 'pending' from saga_outbox_pending"))
                    .isNotEmpty();
            assertThat(DatabaseText.texts(connection, "select reason_code from saga_parked"))
                    .hasSize(1);
            assertThat(DatabaseText.texts(connection, "select reason_code from saga_inbox_quarantine"))
                    .hasSize(1);
            assertThat(DatabaseText.texts(connection, "select outcome from twopc_decision"))
                    .isNotEmpty();
            // The waits of half a minute are over.
            DatabaseText.texts(connection, """
                    with steps as (update saga_step set due_at = clock_timestamp() where due_at is not null returning saga_id)
                    update saga_instance set due_at = clock_timestamp() where due_at is not null returning saga_id::text""");
        }
    }

    private static List<UUID> stuck(Installation installation) throws Exception {
        try (var connection =
                Release.dataSource(installation.postgres.jdbcUrl("transfer")).getConnection()) {
            List<String> found =
                    DatabaseText.texts(connection, "select saga_id::text from saga_instance where phase = 'STUCK'");
            assertThat(found).isNotEmpty();
            return found.stream().map(UUID::fromString).toList();
        }
    }

    private static String phase(Installation installation, UUID id) {
        return installation.query("transfer", "select phase from saga_instance where saga_id = '%s'".formatted(id));
    }

    private static long open(Installation installation, String phases) {
        return installation.count(
                "transfer", "select count(*) from saga_instance where phase in (%s)".formatted(phases));
    }

    private static double inTransit(Installation installation, String bank) {
        return Double.parseDouble(installation.query(
                bank, "select coalesce(sum(amount), 0) from ledger_entry where account = '(transit)'"));
    }
}
