package io.amends.sample.transfer;

import io.amends.sample.transfer.TwoPhaseTransfer.Status;
import io.amends.twopc.CoordinatorName;
import io.amends.twopc.TransactionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of the transfers by two-phase commit. */
@Component
class TwoPhaseTransfers {

    private static final String ROWS = """
            select transfer_id, from_bank, from_account, to_bank, to_account, amount, coordinator, transaction_id, status,
                   reason, untold, created_at, updated_at
              from two_phase_transfer
            """;

    private final JdbcClient jdbc;

    TwoPhaseTransfers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Stores a new transfer of that coordinator's; false if there is one of that id. */
    boolean insert(Transfer order, CoordinatorName name) {
        return jdbc.sql("""
                        insert into two_phase_transfer
                          (transfer_id, from_bank, from_account, to_bank, to_account, amount, installation, coordinator)
                        values (:id, :fromBank, :fromAccount, :toBank, :toAccount, :amount, :installation, :coordinator)
                        on conflict (transfer_id) do nothing""")
                        .param("id", order.id())
                        .param("fromBank", order.fromBank())
                        .param("fromAccount", order.fromAccount())
                        .param("toBank", order.toBank())
                        .param("toAccount", order.toAccount())
                        .param("amount", order.amount())
                        .param("installation", name.installation())
                        .param("coordinator", name.coordinator())
                        .update()
                == 1;
    }

    /**
     * Notes the run that begins now. Does not wait for the disk: its decision is written later to the log in the same
     * database, and nothing else makes the run count.
     *
     * @return false if somebody has ended the transfer meanwhile; the run must not go on
     */
    boolean begin(UUID transferId, TransactionId run) {
        return jdbc.sql("""
                        update two_phase_transfer set transaction_id = :run, updated_at = clock_timestamp()
                          from set_config('synchronous_commit', 'off', true)
                         where transfer_id = :id and status = 'RUNNING'""").param("id", transferId).param("run", run.value()).update() == 1;
    }

    /**
     * Notes what a run came to. Does not wait for the disk: what is lost in a crash is asked of the log again.
     *
     * @param run the newest run as the caller knows it
     * @return false if the transfer has ended, or runs again, without the caller
     */
    boolean note(UUID transferId, @Nullable TransactionId run, Status status, @Nullable String reason) {
        return note(transferId, run, status, reason, Set.of());
    }

    /**
     * Likewise, of a run that commits.
     *
     * @param untold the banks that are not known to have committed
     */
    boolean noteDecided(UUID transferId, TransactionId run, String reason, Set<String> untold) {
        return note(transferId, run, Status.DECIDED, reason, untold);
    }

    private boolean note(
            UUID transferId, @Nullable TransactionId run, Status status, @Nullable String reason, Set<String> untold) {
        return jdbc.sql("""
                        update two_phase_transfer
                           set status = :status, reason = :reason, untold = :untold, updated_at = clock_timestamp()
                          from set_config('synchronous_commit', 'off', true)
                         where transfer_id = :id and transaction_id is not distinct from cast(:run as uuid)
                           and status in ('RUNNING', 'UNKNOWN', 'DECIDED')""")
                        .param("id", transferId)
                        .param("run", run == null ? null : run.value())
                        .param("status", status.name())
                        .param("reason", reason)
                        .param("untold", untold.toArray(String[]::new))
                        .update()
                == 1;
    }

    Optional<TwoPhaseTransfer> find(UUID transferId) {
        return findAll(List.of(transferId)).stream().findFirst();
    }

    List<TwoPhaseTransfer> findAll(Collection<UUID> transferIds) {
        return jdbc.sql(ROWS + "where transfer_id = any (:ids)")
                .param("ids", transferIds.toArray(UUID[]::new))
                .query(TwoPhaseTransfers::read)
                .list();
    }

    /**
     * Transfers of the installation that have not ended, the oldest first: those of that coordinator, and those of others that
     * have not changed for a while.
     *
     * @param longest those that have not changed for longer are left out, since their decisions may be forgotten
     */
    List<TwoPhaseTransfer> open(CoordinatorName name, Duration takeOverAfter, Duration longest, int most) {
        return jdbc.sql(ROWS + """
                        where status in ('RUNNING', 'UNKNOWN', 'DECIDED') and installation = :installation
                          and (coordinator = :coordinator
                               or updated_at < clock_timestamp() - make_interval(secs => :takeOver))
                          and (status = 'DECIDED' or updated_at > clock_timestamp() - make_interval(secs => :longest))
                        order by created_at limit :most""")
                .param("installation", name.installation())
                .param("coordinator", name.coordinator())
                .param("takeOver", (double) takeOverAfter.toSeconds())
                .param("longest", (double) longest.toSeconds())
                .param("most", most)
                .query(TwoPhaseTransfers::read)
                .list();
    }

    private static TwoPhaseTransfer read(ResultSet row, int number) throws SQLException {
        UUID run = row.getObject("transaction_id", UUID.class);
        return new TwoPhaseTransfer(
                new Transfer(
                        row.getObject("transfer_id", UUID.class),
                        row.getString("from_bank"),
                        row.getString("from_account"),
                        row.getString("to_bank"),
                        row.getString("to_account"),
                        row.getBigDecimal("amount"),
                        row.getString("reason")),
                row.getString("coordinator"),
                run == null ? null : new TransactionId(run),
                Status.valueOf(row.getString("status")),
                Set.of((String[]) row.getArray("untold").getArray()),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
