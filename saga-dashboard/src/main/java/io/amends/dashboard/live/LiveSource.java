package io.amends.dashboard.live;

import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.stuck.StuckCounts;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.runtime.sql.Arguments;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the feed looks at: one statement for the counts, and one for the sagas that somebody watches, if there are any. */
final class LiveSource implements Function<Set<UUID>, Seen> {

    private final StuckInbox inbox;
    private final BoundedReads reads;

    LiveSource(StuckInbox inbox, BoundedReads reads) {
        this.inbox = inbox;
        this.reads = reads;
    }

    @Override
    public Seen apply(Set<UUID> sagas) {
        StuckCounts counts = inbox.counts();
        Map<String, Long> byReason = counts.byReason().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue));
        return new Seen(
                new Seen.Counts(counts.total(), counts.isAll(), byReason),
                sagas.isEmpty() ? Map.of() : revisions(sagas));
    }

    private Map<UUID, Long> revisions(Set<UUID> sagas) {
        Arguments.Plain ids = new Arguments.Plain().array("uuid", List.copyOf(sagas), Function.identity());
        return reads.read(jdbc -> {
            Map<UUID, Long> revisions = new HashMap<>();
            jdbc.query("select saga_id, row_version from saga_instance where saga_id = any(?::uuid[])", ids, row -> {
                revisions.put(row.getObject("saga_id", UUID.class), row.getLong("row_version"));
            });
            return revisions;
        });
    }
}
