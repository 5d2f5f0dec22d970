package io.amends.dashboard.views;

import io.amends.dashboard.access.Masking;
import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Subject;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.language.NotTakenException;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.views.ViewRefusedException.Why;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Searches that people keep under a name. One that is private is seen and changed by its owner alone. Each change leaves a line
 * in the audit, in the same transaction; of a private one the line does not tell what it is called and searches for, which is
 * nobody else's business. Who may share is for the caller to check. Safe for use by many threads.
 */
public final class SavedViews {

    /** How many views one person can keep. */
    public static final int MOST_OWN = 50;

    /** How many views all can share. */
    public static final int MOST_SHARED = 100;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String LOCK_LIMIT = "2s";
    private static final String OWN = "for themselves alone";
    private static final String SELECT =
            "select view_id, revision, name, filter, owner, shared, changed_by, changed_at from saga_console_view";

    private final BoundedReads reads;
    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;
    private final AuditLog log;
    private final UnaryOperator<String> shown;
    private final Supplier<UUID> ids;

    /**
     * @param reads the console's reads
     * @param jdbc the orchestrator's database
     * @param transactions its transactions
     * @param log the audit
     * @param shown what a text is shown as to all, such as one in which something is masked
     * @param ids new ids of views
     */
    public SavedViews(
            BoundedReads reads,
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            AuditLog log,
            UnaryOperator<String> shown,
            Supplier<UUID> ids) {
        this.reads = reads;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.log = log;
        this.shown = shown;
        this.ids = ids;
    }

    /** What somebody sees: their own by name, then those that are shared. */
    public List<SavedView> seenBy(String person) {
        return reads.read(read -> read.query(
                SELECT + " where shared or owner = ? order by shared, lower(name), view_id limit ?",
                (row, number) -> view(row),
                person,
                MOST_OWN + MOST_SHARED));
    }

    /** A view that somebody sees; empty if there is none, or it is another person's own. */
    public Optional<SavedView> find(UUID id, String person) {
        return jdbc
                .query(SELECT + " where view_id = ? and (shared or owner = ?)", (row, number) -> view(row), id, person)
                .stream()
                .findFirst();
    }

    /** Either what there is now, or why nothing was done. */
    private record Done(@Nullable SavedView view, @Nullable ViewRefusedException refused) {}

    /**
     * Saves a search. Who saves the same again, under the same name, gets the view that there is.
     *
     * @param reason why, for the audit; needed where it is shared only
     * @throws ViewRefusedException if the name is taken, or there are too many
     * @throws IllegalArgumentException if all would see something in it that is masked
     */
    public SavedView save(ViewText text, boolean shared, Operator by, @Nullable String reason) {
        checkShown(text, shared);
        return done(() -> {
            lock(shared, by.name());
            SavedView same = named(text.name(), shared, by.name());
            if (same != null) {
                return same.owner().equals(by.name())
                                && same.filter().equals(text.filter().text())
                        ? new Done(same, null)
                        : new Done(null, taken(text));
            }
            int most = shared ? MOST_SHARED : MOST_OWN;
            Integer number = jdbc.queryForObject(
                    "select count(*) from saga_console_view where " + shelf(shared),
                    Integer.class,
                    arguments(shared, by.name()).toArray());
            if (number != null && number >= most) {
                return new Done(
                        null,
                        new ViewRefusedException(
                                Why.TOO_MANY,
                                shared
                                        ? Sentence.of(
                                                "There are %d views for all, which is as many as there can be. Delete one that nobody needs.",
                                                most)
                                        : Sentence.of(
                                                "There are %d views of yours, which is as many as there can be. Delete one that nobody needs.",
                                                most)));
            }
            UUID id = ids.get();
            jdbc.update(
                    "insert into saga_console_view (view_id, name, filter, owner, shared, changed_by) values (?, ?, ?, ?, ?, ?)",
                    id,
                    text.name(),
                    text.filter().text(),
                    by.name(),
                    shared,
                    by.name());
            SavedView saved = find(id, by.name()).orElseThrow();
            note("save-view", saved, by, reason);
            return new Done(saved, null);
        });
    }

    /**
     * Gives a view that name and search.
     *
     * @param seenRevision the revision that was looked at
     * @param reason why, for the audit; needed where it is shared only
     * @throws ViewRefusedException if they see no such view, it changed since, or the name is taken
     * @throws IllegalArgumentException if all would see something in it that is masked
     */
    public SavedView change(UUID id, long seenRevision, ViewText text, Operator by, @Nullable String reason) {
        return decided(id, seenRevision, by, before -> {
            checkShown(text, before.shared());
            SavedView same = named(text.name(), before.shared(), before.owner());
            if (same != null && !same.id().equals(id)) {
                return new Done(null, taken(text));
            }
            jdbc.update("""
                    update saga_console_view
                       set name = ?, filter = ?, revision = revision + 1, changed_by = ?, changed_at = clock_timestamp()
                     where view_id = ?""", text.name(), text.filter().text(), by.name(), id);
            SavedView now = find(id, by.name()).orElseThrow();
            note("change-view", now, by, reason);
            return new Done(now, null);
        });
    }

    /**
     * Deletes a view.
     *
     * @param seenRevision the revision that was looked at
     * @param reason why, for the audit; needed where it is shared only
     * @return the view as it was
     * @throws ViewRefusedException if they see no such view, or it changed since
     */
    public SavedView delete(UUID id, long seenRevision, Operator by, @Nullable String reason) {
        return decided(id, seenRevision, by, before -> {
            jdbc.update("delete from saga_console_view where view_id = ?", id);
            note("delete-view", before, by, reason);
            return new Done(before, null);
        });
    }

    private SavedView decided(UUID id, long seenRevision, Operator by, Function<SavedView, Done> work) {
        return done(() -> {
            SavedView seen = find(id, by.name()).orElseThrow(() -> notFound(id));
            lock(seen.shared(), seen.owner());
            SavedView now = find(id, by.name()).orElseThrow(() -> notFound(id));
            if (now.revision() != seenRevision) {
                return new Done(
                        null,
                        new ViewRefusedException(
                                Why.CHANGED_SINCE,
                                Sentence.of(
                                        "%s changed this view at %s, after you looked. Nothing was done; look at it again.",
                                        now.changedBy(), now.changedAt())));
            }
            return work.apply(now);
        });
    }

    private SavedView done(Supplier<Done> work) {
        Done done = Objects.requireNonNull(transaction.execute(status -> {
            jdbc.query("select set_config('lock_timeout', ?, true)", row -> {}, LOCK_LIMIT);
            return work.get();
        }));
        SavedView view = done.view();
        if (view == null) {
            throw Objects.requireNonNull(done.refused());
        }
        return view;
    }

    /** Until the transaction ends nobody else saves or changes among the same views, so that they can be counted. */
    private void lock(boolean shared, String owner) {
        jdbc.query(
                "select pg_advisory_xact_lock(hashtextextended(?, 0))",
                row -> {},
                shared ? "saga_console_view" : "saga_console_view of " + owner);
    }

    private @Nullable SavedView named(String name, boolean shared, String owner) {
        String sql = SELECT + " where lower(name) = lower(?) and " + shelf(shared);
        return jdbc
                .query(
                        sql,
                        (row, number) -> view(row),
                        Stream.concat(Stream.of(name), arguments(shared, owner)).toArray())
                .stream()
                .findFirst()
                .orElse(null);
    }

    private static String shelf(boolean shared) {
        return shared ? "shared" : "not shared and owner = ?";
    }

    private static Stream<String> arguments(boolean shared, String owner) {
        return shared ? Stream.empty() : Stream.of(owner);
    }

    private void checkShown(ViewText text, boolean shared) {
        if (!shown.apply(text.name()).equals(text.name())) {
            throw new NotTakenException(Sentence.of(
                    "A piece of the name would be masked (%s). Call the view something else.", Masking.MASK));
        }
        if (shared && !shown.apply(text.filter().text()).equals(text.filter().text())) {
            throw new NotTakenException(Sentence.of(
                    "A piece of the filter would be masked (%s) for those who share the view. Keep it for yourself, or leave that condition out.",
                    Masking.MASK));
        }
    }

    /** Of what somebody keeps for themselves, that they did and no more: the audit is read by others. */
    private void note(String verb, SavedView view, Operator by, @Nullable String reason) {
        ObjectNode arguments =
                JSON.createObjectNode().put("view", view.id().toString()).put("shared", view.shared());
        if (view.shared()) {
            arguments.put("name", view.name());
        }
        log.append(AuditEntry.note(
                by,
                verb,
                JSON.writeValueAsString(arguments),
                view.shared() ? new Subject(null, null, null, view.filter()) : Subject.NONE,
                view.shared() ? Objects.requireNonNull(reason, "Who changes what all see says why.") : OWN));
    }

    private static ViewRefusedException taken(ViewText text) {
        return new ViewRefusedException(
                Why.NAME_TAKEN,
                Sentence.of("Another view is called '%s' already. Nothing was done; take another name.", text.name()));
    }

    private static ViewRefusedException notFound(UUID id) {
        return new ViewRefusedException(
                Why.NOT_FOUND, Sentence.of("You have no view %s. It may have been deleted since you looked.", id));
    }

    private static SavedView view(ResultSet row) throws SQLException {
        return new SavedView(
                Objects.requireNonNull(row.getObject("view_id", UUID.class)),
                row.getLong("revision"),
                row.getString("name"),
                row.getString("filter"),
                row.getString("owner"),
                row.getBoolean("shared"),
                row.getString("changed_by"),
                Objects.requireNonNull(row.getObject("changed_at", OffsetDateTime.class))
                        .toInstant());
    }
}
