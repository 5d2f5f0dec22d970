package io.amends.dashboard.audit;

import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.language.NotTakenException;
import io.amends.dashboard.language.Sentence;
import io.amends.runtime.sql.Arguments;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks for lines of the audit. Safe for use by many threads. */
public final class AuditTrail {

    private static final int MOST = 1_000;

    private final BoundedReads reads;

    /** Of that database. */
    public AuditTrail(BoundedReads reads) {
        this.reads = reads;
    }

    /**
     * A page of the lines, the latest first.
     *
     * @param after the line behind which the page begins, null for the first page
     * @param size how many at most, from 1 to 1000
     */
    public AuditPage page(AuditQuery query, @Nullable Long after, int size) {
        if (size < 1 || size > MOST) {
            throw new NotTakenException(Sentence.of("A page has 1 to %d lines, not %d.", MOST, size));
        }
        Arguments.Plain arguments = new Arguments.Plain();
        StringBuilder where = new StringBuilder(" where true");
        condition(where, arguments, " and a.action_id < ?", after);
        condition(where, arguments, " and a.actor = ?", query.actor());
        condition(where, arguments, " and a.verb = ?", query.verb());
        condition(where, arguments, " and a.saga_id = ?", query.sagaId());
        condition(where, arguments, " and a.run_id = ?", query.runId());
        condition(where, arguments, " and a.at >= ?::timestamptz", text(query.from()));
        condition(where, arguments, " and a.at < ?::timestamptz", text(query.before()));
        if (!query.scope().isAll()) {
            where.append(" and exists (select from saga_instance i where i.saga_id = a.saga_id")
                    .append(query.scope().condition())
                    .append(')');
            query.scope().arguments(arguments);
        }
        String sql = AuditRows.SELECT + where + " order by a.action_id desc limit ?";
        List<AuditLine> lines =
                reads.read(jdbc -> jdbc.query(sql, arguments.value(size + 1), (row, number) -> AuditRows.line(row)));
        return lines.size() <= size
                ? new AuditPage(lines, null)
                : new AuditPage(lines.subList(0, size), lines.get(size - 1).id());
    }

    /** The line with that number; empty if there is none. */
    public Optional<AuditLine> line(long id) {
        return reads
                .read(jdbc -> jdbc.query(
                        AuditRows.SELECT + " where a.action_id = ?", (row, number) -> AuditRows.line(row), id))
                .stream()
                .findFirst();
    }

    /** What was edited by the order of that line; empty if there is no such line, or nothing was. */
    public Optional<DataEdit> edit(long id) {
        return reads
                .read(jdbc -> jdbc.query(
                        "select data_before, data_after from saga_console_action where action_id = ? and data_after is not null",
                        (row, number) -> new DataEdit(row.getString(1), row.getString(2)),
                        id))
                .stream()
                .findFirst();
    }

    /**
     * Hands over every line, the latest first, page by page: no statement is long, and no more than a page is in memory.
     *
     * @return how many lines there were
     */
    public long each(AuditQuery query, Consumer<AuditLine> to) {
        AuditPage page = page(query, null, MOST);
        page.lines().forEach(to);
        long lines = page.lines().size();
        while (page.next() != null) {
            page = page(query, page.next(), MOST);
            page.lines().forEach(to);
            lines += page.lines().size();
        }
        return lines;
    }

    private static void condition(
            StringBuilder where, Arguments.Plain arguments, String condition, @Nullable Object value) {
        if (value != null) {
            where.append(condition);
            arguments.value(value);
        }
    }

    private static @Nullable String text(@Nullable Object time) {
        return time == null ? null : time.toString();
    }
}
