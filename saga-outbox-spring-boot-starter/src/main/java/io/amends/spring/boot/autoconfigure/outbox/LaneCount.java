package io.amends.spring.boot.autoconfigure.outbox;

import io.amends.spring.boot.autoconfigure.OutboxProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Into how many lanes the outbox is divided. */
final class LaneCount {

    private static final Logger log = LoggerFactory.getLogger(LaneCount.class);

    private LaneCount() {}

    /**
     * As many as the settings say; where they say nothing, as many as there are if a relay has ever had one, so that another
     * transport goes on with them.
     *
     * @param ofNew for an outbox that was never used
     */
    static int of(OutboxProperties properties, SagaDatabase database, int ofNew) {
        Integer wanted = properties.relay().lanes();
        if (wanted != null) {
            return wanted;
        }
        try {
            Integer used = database.jdbc()
                    .queryForObject("select case when max(epoch) > 0 then count(*) end from saga_lane", Integer.class);
            return used == null ? ofNew : used;
        } catch (DataAccessException away) {
            // The relay itself waits for a database that is away, and refuses a number that is not the database's.
            log.debug("How many lanes the outbox has is not known", away);
            return ofNew;
        }
    }
}
