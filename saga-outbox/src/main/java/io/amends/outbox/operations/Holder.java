package io.amends.outbox.operations;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Something that keeps old transactions alive, and what that means for the outbox. Never does it hold up publishing.
 *
 * @param kind what it is
 * @param name a session's process id, a prepared transaction's gid, a slot's or a standby's name
 * @param database its database, null if it belongs to none
 * @param here whether that is the outbox's database, or it belongs to none
 * @param user its role, empty if it has none or may not be seen
 * @param application what it calls itself, empty if nothing
 * @param state a session's state, or {@code active} and {@code inactive} of a slot
 * @param openFor for how long, null if PostgreSQL does not know
 * @param segments the outbox's segments that it has locks on
 * @param holdsVacuum whether dead rows that are newer can't be removed because of it
 * @param retainedBytes the write-ahead log that is kept for it
 */
public record Holder(
        Kind kind,
        String name,
        @Nullable String database,
        boolean here,
        String user,
        String application,
        String state,
        @Nullable Duration openFor,
        List<Integer> segments,
        boolean holdsVacuum,
        long retainedBytes) {

    /** What holds. */
    public enum Kind {
        /** A session with an open transaction. */
        SESSION,
        /** A transaction that was prepared and is in doubt. */
        PREPARED,
        /** A replication slot. */
        SLOT,
        /** A standby that tells what its readers still need. */
        STANDBY
    }

    private static final long MEBIBYTE = 1024 * 1024;

    public Holder {
        segments = List.copyOf(segments);
    }

    /** Who it is, what it does to the outbox, and what can be done. */
    public String sentence() {
        return "%s %s; %s.".formatted(who(), effect(), remedy());
    }

    private String who() {
        return switch (kind) {
            case SESSION ->
                "Session %s of database %s (%s), open for %s,".formatted(name, database, details(), age(openFor));
            case PREPARED ->
                "Prepared transaction '%s' of database %s (%s), open for %s,"
                        .formatted(name, database, details(), age(openFor));
            case SLOT -> "Replication slot '%s' (%s)".formatted(name, details());
            case STANDBY -> "Standby '%s' (%s)".formatted(name, details());
        };
    }

    private String details() {
        return List.of(application, user, state).stream()
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private String effect() {
        String kept =
                retainedBytes >= MEBIBYTE ? "keeps %d MiB of write-ahead log".formatted(retainedBytes / MEBIBYTE) : "";
        if (!here) {
            return kept.isEmpty()
                    ? "does nothing to the outbox, which is in another database"
                    : kept + ", and does nothing to the outbox, which is in another database";
        }
        StringBuilder effect = new StringBuilder(kept);
        if (!segments.isEmpty()) {
            String numbers = segments.stream().map(String::valueOf).collect(Collectors.joining(", "));
            also(effect, "keeps segment%s %s from being emptied".formatted(segments.size() == 1 ? "" : "s", numbers));
        }
        if (holdsVacuum) {
            also(
                    effect,
                    segments.isEmpty()
                            ? "keeps vacuum from removing rows that died since, but no segment from being emptied"
                            : "vacuum from removing rows that died since");
        }
        return effect.isEmpty() ? "does nothing to the outbox" : effect.toString();
    }

    private static void also(StringBuilder text, String more) {
        text.append(text.isEmpty() ? "" : " and ").append(more);
    }

    private String remedy() {
        return switch (kind) {
            case SESSION -> "let it end, or run: select pg_terminate_backend(%s)".formatted(name);
            case PREPARED -> "commit prepared or rollback prepared '%s', in database %s".formatted(name, database);
            case SLOT ->
                "let its consumer catch up, or, if nobody needs it, run: select pg_drop_replication_slot('%s')"
                        .formatted(name);
            case STANDBY -> "end long queries on that standby, or set hot_standby_feedback = off there";
        };
    }

    /** The largest whole unit, as people say it. */
    static String age(@Nullable Duration open) {
        if (open == null) {
            return "an unknown time";
        }
        if (open.toDays() > 1) {
            return open.toDays() + " d";
        }
        if (open.toHours() > 0) {
            return open.toHours() + " h";
        }
        return open.toMinutes() > 0 ? open.toMinutes() + " min" : open.toSeconds() + " s";
    }
}
