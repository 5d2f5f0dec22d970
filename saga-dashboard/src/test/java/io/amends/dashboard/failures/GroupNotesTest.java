package io.amends.dashboard.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import io.amends.dashboard.Office;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.audit.ActionState;
import io.amends.dashboard.audit.AuditEntry;
import io.amends.dashboard.audit.AuditEntry.Change;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.audit.KeyReusedException;
import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.stuck.StuckQuery;
import io.amends.dashboard.stuck.StuckSaga;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators write down about groups of failures. */
class GroupNotesTest {

    private static final String GROUP = "00000000000000aa";

    private static Office office;

    private final Masking masking = new Masking(List.of("password"), List.of());
    private final GroupNotes notes =
            new GroupNotes(office.depot.reads(), office.jdbc, office.transactions, office.log, masking::text);

    @BeforeAll
    static void open() {
        office = new Office();
    }

    @AfterAll
    static void close() {
        office.close();
    }

    @BeforeEach
    void clear() {
        office.clear();
    }

    private static GroupChange change(long seen, @Nullable String text, Operator by) {
        return new GroupChange(GROUP, seen, text, null, null, by, "so that all know", null);
    }

    private static GroupChange until(Instant time) {
        return new GroupChange(GROUP, 0, null, null, time, Office.ANN, "quiet please", null);
    }

    private static GroupChange under(String key, String text) {
        return new GroupChange(GROUP, 0, text, null, null, Office.ANN, "so that all know", key);
    }

    private @Nullable GroupNote now() {
        return notes.of(List.of(GROUP)).get(GROUP);
    }

    @Test
    void what_is_written_down_is_there_and_in_the_audit() {
        Instant until = Instant.now().plus(Duration.ofDays(3)).truncatedTo(ChronoUnit.MICROS);

        GroupNote note = notes.write(new GroupChange(
                GROUP, 0, "  the vans are old ", "team vans", until, Office.ANN, "so that all know", null));

        assertThat(note).isEqualTo(now());
        assertThat(note.text()).isEqualTo("the vans are old");
        assertThat(note.owner()).isEqualTo("team vans");
        assertThat(note.mutedUntil()).isEqualTo(until);
        assertThat(note.revision()).isEqualTo(1);
        assertThat(note.changedBy()).isEqualTo("ann");
        AuditLine line = office.heard.get(0);
        assertThat(line.state()).isEqualTo(ActionState.NOTED);
        assertThat(line.entry().verb()).isEqualTo("group-note");
        assertThat(line.entry().operator()).isEqualTo(Office.ANN);
        assertThat(line.entry().reason()).isEqualTo("so that all know");
        assertThat(line.entry().subject().filter()).isEqualTo("group:" + GROUP);
        assertThat(line.entry().arguments()).contains("the vans are old", "team vans", until.toString());
        assertThat(line.entry().change()).isEqualTo(new Change(0L, null, null, 0L, 1L, null, null));
    }

    @Test
    void what_is_given_back_as_it_was_shown_stays_what_it_is() {
        String text = "log in with password=hunter2, then look";
        notes.write(change(0, text, Office.ANN));
        String shown = masking.text(text);
        assertThat(shown).contains(Masking.MASK).doesNotContain("hunter2");

        notes.write(new GroupChange(GROUP, 1, shown, "team vans", null, Office.BOB, "they look after it", null));

        assertThat(now()).extracting(GroupNote::text).isEqualTo(text);
        assertThat(now()).extracting(GroupNote::owner).isEqualTo("team vans");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> notes.write(change(2, shown + " again", Office.ANN)))
                .withMessageContaining("'note' has a piece that is masked")
                .withMessageNotContaining("hunter2");
        assertThat(now()).extracting(GroupNote::text).isEqualTo(text);
        assertThat(notes.write(change(2, "look", Office.ANN)).text()).isEqualTo("look");
        assertThat(notes.write(change(3, "stars: ***", Office.ANN)).text()).isEqualTo("stars: ***");
    }

    @Test
    void without_a_line_in_the_audit_nothing_is_written_down() {
        GroupChange silent = new GroupChange(GROUP, 0, "x", null, null, Office.ANN, " ", null);

        assertThatIllegalArgumentException().isThrownBy(() -> notes.write(silent));

        assertThat(now()).isNull();
        assertThat(office.heard).isEmpty();
    }

    @Test
    void who_looked_before_somebody_else_changed_it_is_told_so() {
        notes.write(change(0, "ann's", Office.ANN));

        for (long seen : new long[] {0, 7}) {
            assertThatExceptionOfType(GroupChangedException.class)
                    .isThrownBy(() -> notes.write(change(seen, "bob's", Office.BOB)))
                    .withMessageContaining("ann changed");
        }

        assertThat(now()).extracting(GroupNote::text).isEqualTo("ann's");
        assertThat(office.heard)
                .extracting(line -> line.entry().result())
                .containsExactly(AuditEntry.NOTED, AuditEntry.REFUSED, AuditEntry.REFUSED);
        assertThat(office.heard)
                .extracting(line -> line.entry().change())
                .extracting(Change::seenRevision, Change::revisionBefore, Change::revisionAfter)
                .containsExactly(tuple(0L, 0L, 1L), tuple(0L, 1L, 1L), tuple(7L, 1L, 1L));
        assertThat(notes.write(change(1, "bob's", Office.BOB)).revision()).isEqualTo(2);
    }

    @Test
    void of_some_at_the_same_moment_one_is_first() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Callable<Boolean>> all = IntStream.range(0, 9)
                    .mapToObj(i -> (Callable<Boolean>) () -> {
                        try {
                            notes.write(change(0, "number " + i, Office.ANN));
                            return true;
                        } catch (GroupChangedException late) {
                            return false;
                        }
                    })
                    .toList();
            int first = 0;
            for (Future<Boolean> done : threads.invokeAll(all)) {
                first += done.get() ? 1 : 0;
            }
            assertThat(first).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
        assertThat(now()).extracting(GroupNote::revision).isEqualTo(1L);
    }

    @Test
    void nothing_is_written_over_what_is_not_there() {
        assertThatExceptionOfType(GroupChangedException.class)
                .isThrownBy(() -> notes.write(change(4, "x", Office.ANN)))
                .withMessageContaining("is 0, not 4");
        assertThat(now()).isNull();
    }

    @Test
    void what_is_cleared_keeps_its_revision() {
        notes.write(change(0, "ann's", Office.ANN));

        GroupNote cleared = notes.write(change(1, " ", Office.BOB));

        assertThat(cleared.text()).isNull();
        assertThat(cleared.revision()).isEqualTo(2);
        assertThat(cleared.changedBy()).isEqualTo("bob");
    }

    @Test
    void a_repeat_under_the_same_key_changes_nothing_more() {
        String key = UUID.randomUUID().toString();
        GroupNote first = notes.write(under(key, "x"));

        assertThat(notes.write(under(key, "x"))).isEqualTo(first);
        assertThat(notes.write(new GroupChange(GROUP, 1, "x", null, null, Office.ANN, "so that all know", key)))
                .as("of who looked again before")
                .isEqualTo(first);
        assertThatExceptionOfType(KeyReusedException.class).isThrownBy(() -> notes.write(under(key, "y")));

        assertThat(now()).isEqualTo(first);
        assertThat(office.heard).hasSize(1);
    }

    @Test
    void a_repeat_is_answered_with_what_the_first_one_did_though_somebody_changed_it_since() {
        Instant until = Instant.now().plus(Duration.ofDays(3)).truncatedTo(ChronoUnit.MICROS);
        GroupChange change = new GroupChange(
                GROUP,
                0,
                "ann's",
                "team vans",
                until,
                Office.ANN,
                "so that all know",
                UUID.randomUUID().toString());
        GroupNote first = notes.write(change);
        GroupNote changed = notes.write(change(1, "bob's", Office.BOB));

        GroupNote repeated = notes.write(change);

        assertThat(repeated)
                .usingRecursiveComparison()
                .ignoringFields("changedAt")
                .isEqualTo(first);
        assertThat(repeated.changedAt()).isBetween(first.changedAt(), changed.changedAt());
        assertThat(now()).isEqualTo(changed);
        assertThat(office.heard).hasSize(2);
    }

    @Test
    void a_group_is_muted_for_thirty_days_at_most() {
        Instant now = Instant.now();

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> notes.write(until(now.plus(Duration.ofDays(30)).plusSeconds(60))))
                .withMessageContaining("30 days at most");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> notes.write(until(now.minusSeconds(60))))
                .withMessageContaining("has passed");
        assertThat(now()).isNull();
        assertThat(notes.write(until(now.plus(Duration.ofDays(30)).minusSeconds(60)))
                        .mutedUntil())
                .isNotNull();
    }

    /** A page that was drawn before the end of the mute gives its time back, to the second. */
    @Test
    void a_mute_that_has_expired_keeps_nobody_from_changing_the_rest() {
        Instant until = Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
        notes.write(until(until));
        Instant expired = until.minus(Duration.ofHours(2));
        office.jdbc.update("update saga_console_group set muted_until = muted_until - interval '7199.5 seconds'");

        GroupNote note = notes.write(
                new GroupChange(GROUP, 1, "the vans are old", "team vans", expired, Office.BOB, "they know", null));

        assertThat(note.text()).isEqualTo("the vans are old");
        assertThat(note.owner()).isEqualTo("team vans");
        assertThat(note.mutedUntil()).isNull();
        assertThatIllegalArgumentException()
                .as("another time that has passed")
                .isThrownBy(() -> notes.write(
                        new GroupChange(GROUP, 2, null, null, expired.minusSeconds(1), Office.BOB, "again", null)))
                .withMessageContaining("has passed");
        assertThatExceptionOfType(GroupChangedException.class)
                .as("somebody else was faster")
                .isThrownBy(() ->
                        notes.write(new GroupChange(GROUP, 1, "new", null, expired, Office.ANN, "they know", null)));
    }

    @Test
    void texts_have_limits_and_ids_a_form() {
        assertThatIllegalArgumentException().isThrownBy(() -> change(0, "x".repeat(2_001), Office.ANN));
        assertThatIllegalArgumentException().isThrownBy(() -> change(0, "x\0", Office.ANN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GroupChange("x' or 1=1", 0, null, null, null, Office.ANN, "x", null));
        assertThat(notes.write(change(0, "\uD83D\uDE80".repeat(2_000), Office.ANN))
                        .text())
                .hasSize(4_000);
    }

    @Test
    void sagas_of_a_muted_group_are_counted_and_listed_and_known_as_muted() {
        UUID muted = office.stuck("muted");
        UUID other = office.stuck("other");
        office.jdbc.update("update saga_instance set reason_code = 'COMPENSATION_FAILED' where saga_id = ?", other);
        String group = new FailureGroups(office.depot.reads(), StuckAllowances.DEFAULT)
                .all(10).stream()
                        .filter(found -> found.example().equals(muted))
                        .findFirst()
                        .orElseThrow()
                        .id();
        Instant until = Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.MICROS);
        notes.write(new GroupChange(group, 0, null, null, until, Office.ANN, "quiet please", null));
        StuckInbox inbox = new StuckInbox(office.depot.reads(), StuckAllowances.DEFAULT);

        List<StuckSaga> sagas = inbox.page(StuckQuery.all()).sagas();

        assertThat(sagas).hasSize(2);
        assertThat(inbox.counts().total()).isEqualTo(2);
        assertThat(notes.mutedAmong(sagas)).isEqualTo(Map.of(muted, until));
        office.jdbc.update("update saga_console_group set muted_until = clock_timestamp()");
        assertThat(notes.mutedAmong(sagas)).isEmpty();
        assertThat(notes.of(List.of(group)).get(group))
                .extracting(GroupNote::mutedUntil)
                .isNull();
    }
}
