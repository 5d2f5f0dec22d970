package io.amends.sample.transfer;

import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which way each transfer is made. A transfer has one for good, so it can't be made both ways. */
@Component
class TransferModes {

    private final JdbcClient jdbc;

    TransferModes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Says in which mode a transfer is made, unless that is said already.
     *
     * <p>Does not wait for the disk: the transfer itself is committed later in the same database, so whatever survives a crash
     * of the transfer, this survives it too.
     *
     * @return the mode that counts
     */
    String claim(UUID transferId, String mode) {
        int inserted = jdbc.sql("""
                        insert into transfer_mode (transfer_id, mode)
                        select :transferId, :mode from set_config('synchronous_commit', 'off', true)
                        on conflict (transfer_id) do nothing""")
                .param("transferId", transferId)
                .param("mode", mode)
                .update();
        return inserted == 1 ? mode : find(transferId).orElse(mode);
    }

    /** The mode of that transfer, empty if nobody has said one. */
    Optional<String> find(UUID transferId) {
        return jdbc.sql("select mode from transfer_mode where transfer_id = :transferId")
                .param("transferId", transferId)
                .query(String.class)
                .optional();
    }
}
