package io.amends.dashboard.alerts;

import io.amends.dashboard.twopc.InDoubtSource;
import io.amends.dashboard.twopc.InDoubtSource.Branch;
import io.amends.runtime.sql.Arguments;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Compares which branches of two-phase commit are in doubt with which were when somebody looked last, and notes each
 * difference as an alert, in one statement. Participants are asked before its transaction begins, and only where recovery
 * has left something or something was told of. Every process may watch; there is one alert for each transition. Safe for
 * use by many threads.
 */
public final class InDoubtWatch {

    static final String KIND = "twopc";

    /**
     * Who looked before another one noted the end of a branch may still have it on the list; so what has just ended is
     * not told of again.
     */
    private static final String NOTE = ToldSql.note("""
              select '%s', b.gid, null::uuid, b.participant, 'IN_DOUBT_2PC', b.decision,
                     clock_timestamp() - b.age * interval '1 millisecond', b.is_due
                from unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::boolean[]) b (gid, participant, decision, age, is_due)
               order by b.age desc limit %d""".formatted(KIND, ToldSql.MOST), """

                 and not exists (select from saga_console_alert a
                                  where a.place = t.place and a.kind = t.kind and a.event = 'RECOVERED'
                                    and a.noticed_at > clock_timestamp() - interval '1 minute')""");

    private final JdbcOperations jdbc;
    private final InDoubtSource source;
    private final Duration patience;
    private final AlertBook<Alert> book;

    /**
     * @param jdbc the orchestrator's database
     * @param transactions its transactions
     * @param source tells what is in doubt
     * @param patience for how long a branch may be prepared; longer than recovery takes to end one
     * @param limit how long one statement may take
     * @param delivers whether a webhook is to be told; the same in all processes
     * @param heard is told each alert after its commit, such as a Spring publisher of events
     */
    public InDoubtWatch(
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            InDoubtSource source,
            Duration patience,
            Duration limit,
            boolean delivers,
            Consumer<? super Alert> heard) {
        this.jdbc = jdbc;
        this.source = source;
        this.patience = patience;
        this.book = new AlertBook<>(jdbc, transactions, limit, delivers, heard);
    }

    /** Looks once; whether there is more to note at once. Does nothing while another process looks. */
    public boolean look() {
        OptionalLong left = source.number();
        if (left.isEmpty() || (left.getAsLong() == 0 && !isAnyTold())) {
            return false;
        }
        InDoubtSource.InDoubt now = source.look();
        return book.note(() -> note(now));
    }

    private boolean isAnyTold() {
        return Boolean.TRUE.equals(jdbc.queryForObject(
                "select exists (select from saga_console_told where kind = ?)", Boolean.class, KIND));
    }

    private AlertBook.Noted<Alert> note(InDoubtSource.InDoubt now) {
        List<Branch> branches = now.branches();
        // Of who is away nobody knows what has ended there.
        List<String> complete = now.away().isEmpty() ? List.of(KIND) : List.of();
        List<Alert> alerts = jdbc.query(
                NOTE,
                new Arguments.Plain()
                        .array("text", branches, Branch::gid)
                        .array("text", branches, Branch::participant)
                        .array("text", branches, Branch::decision)
                        .array("bigint", branches, branch -> branch.age().toMillis())
                        .array("boolean", branches, this::isDue)
                        .array("text", complete, Function.identity()),
                (row, number) -> AlertRows.alert(row));
        return new AlertBook.Noted<>(alerts, alerts.size() >= ToldSql.AT_ONCE);
    }

    private boolean isDue(Branch branch) {
        return !branch.running() && branch.age().compareTo(patience) >= 0;
    }
}
