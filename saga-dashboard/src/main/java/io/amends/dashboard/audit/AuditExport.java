package io.amends.dashboard.audit;

import io.amends.dashboard.audit.AuditEntry.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes the audit for other programs, line by line. Safe for use by many threads. */
public final class AuditExport {

    /** What the last line has, so that a part of an export is not taken for the whole. */
    private static final String END = "end";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final List<Column> COLUMNS = List.of(
            new Column("id", AuditLine::id),
            new Column("at", AuditLine::at),
            new Column("actor", line -> line.entry().operator().name()),
            new Column("ip", line -> line.entry().operator().address()),
            new Column("verb", line -> line.entry().verb()),
            new Column("arguments", line -> line.entry().arguments()),
            new Column("saga_id", line -> line.entry().subject().sagaId()),
            new Column("run_id", line -> line.entry().subject().runId()),
            new Column("request_id", line -> line.entry().subject().requestId()),
            new Column("filter", line -> line.entry().subject().filter()),
            new Column("reason", line -> line.entry().reason()),
            new Column("approved_by", line -> line.entry().approvedBy()),
            new Column("idempotency_key", line -> line.entry().idempotencyKey()),
            new Column("result", line -> line.entry().result()),
            new Column("explanation", line -> line.entry().explanation()),
            ofChange("seen_revision", Change::seenRevision),
            ofChange("phase_before", Change::phaseBefore),
            ofChange("phase_after", Change::phaseAfter),
            ofChange("revision_before", Change::revisionBefore),
            ofChange("revision_after", Change::revisionAfter),
            new Column("state", AuditLine::state),
            new Column("settled_at", AuditLine::settledAt));

    private final AuditTrail trail;
    private final UnaryOperator<String> shown;

    /** A field: its name, and how it is had. */
    private record Column(String name, Function<AuditLine, @Nullable Object> value) {

        /** Numbers as such, all else as text. */
        @Nullable
        Object of(AuditLine line, UnaryOperator<String> shown) {
            Object found = value.apply(line);
            return found == null || found instanceof Number ? found : shown.apply(found.toString());
        }
    }

    /** Of that audit, as it is. */
    public AuditExport(AuditTrail trail) {
        this(trail, UnaryOperator.identity());
    }

    /**
     * Of that audit.
     *
     * @param shown what a text is told as, such as one in which something is masked
     */
    public AuditExport(AuditTrail trail, UnaryOperator<String> shown) {
        this.trail = trail;
        this.shown = shown;
    }

    /**
     * As comma-separated values (RFC 4180) with a head line. Cells that a spreadsheet would take for a formula begin with an
     * apostrophe. The last line has {@code end} in its first cell and in the second one how many lines of the audit there are;
     * without it the export is not whole.
     *
     * @throws UncheckedIOException if it can't be written there
     */
    public void csv(AuditQuery query, Appendable to) {
        write(to, row(COLUMNS.stream().map(Column::name)));
        long lines =
                trail.each(query, line -> write(to, row(COLUMNS.stream().map(column -> cell(column.of(line, shown))))));
        write(
                to,
                row(Stream.concat(
                        Stream.of(END, Long.toString(lines)),
                        COLUMNS.stream().skip(2).map(column -> ""))));
    }

    /**
     * As JSON, an object a line; what is null is left out. The last line is {@code {"end":true,"lines":n}} with the number of
     * lines before it; without it the export is not whole.
     *
     * @throws UncheckedIOException if it can't be written there
     */
    public void jsonLines(AuditQuery query, Appendable to) {
        long lines = trail.each(query, line -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            for (Column column : COLUMNS) {
                Object value = column.of(line, shown);
                if (value != null) {
                    fields.put(column.name(), value);
                }
            }
            write(to, JSON.writeValueAsString(fields) + "\n");
        });
        Map<String, Object> end = new LinkedHashMap<>();
        end.put(END, true);
        end.put("lines", lines);
        write(to, JSON.writeValueAsString(end) + "\n");
    }

    private static Column ofChange(String name, Function<Change, @Nullable Object> value) {
        return new Column(name, line -> {
            Change change = line.entry().change();
            return change == null ? null : value.apply(change);
        });
    }

    private static String row(Stream<String> cells) {
        return cells.collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String cell(@Nullable Object value) {
        if (value == null || value instanceof Number) {
            return value == null ? "" : value.toString();
        }
        String text = value.toString();
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? '"' + safe.replace("\"", "\"\"") + '"'
                : safe;
    }

    private static void write(Appendable to, String text) {
        try {
            to.append(text);
        } catch (IOException trouble) {
            throw new UncheckedIOException("The export of the audit can't be written on", trouble);
        }
    }
}
