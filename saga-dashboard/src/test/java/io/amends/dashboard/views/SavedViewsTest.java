package io.amends.dashboard.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.amends.dashboard.Office;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.views.ViewRefusedException.Why;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

/** Searches that people keep under a name. */
class SavedViewsTest {

    private static Office office;

    private final Masking masking = new Masking(List.of("password"), List.of());
    private final SavedViews views = new SavedViews(
            office.depot.reads(), office.jdbc, office.transactions, office.log, masking::text, UUID::randomUUID);

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

    private static ViewText text(String name, String filter) {
        return new ViewText(name, SagaFilter.parse(filter));
    }

    private SavedView own(String name, Operator by) {
        return views.save(text(name, "phase:STUCK"), false, by, null);
    }

    private SavedView shared(String name, Operator by) {
        return views.save(text(name, "phase:STUCK"), true, by, "so that all find them");
    }

    private static void expect(Why why, ThrowingCallable work) {
        assertThatExceptionOfType(ViewRefusedException.class)
                .isThrownBy(work)
                .extracting(ViewRefusedException::why)
                .isEqualTo(why);
    }

    private List<String> seenBy(Operator who) {
        return views.seenBy(who.name()).stream().map(SavedView::name).toList();
    }

    @Test
    void a_private_view_is_its_owners_alone_and_nobody_elses_business() {
        SavedView mine = views.save(text("  late vans ", "saga:delivery  error:\"no van\""), false, Office.ANN, null);

        assertThat(mine.name()).isEqualTo("late vans");
        assertThat(mine.filter()).isEqualTo("saga:delivery error:\"no van\"");
        assertThat(seenBy(Office.ANN)).containsExactly("late vans");
        assertThat(seenBy(Office.BOB)).isEmpty();
        expect(Why.NOT_FOUND, () -> views.change(mine.id(), 1, text("x", "at:y"), Office.BOB, "r"));
        expect(Why.NOT_FOUND, () -> views.delete(mine.id(), 1, Office.BOB, "r"));
        assertThat(own("late vans", Office.BOB).id()).as("a name of his own").isNotEqualTo(mine.id());
        views.delete(mine.id(), 1, Office.ANN, null);
        assertThat(seenBy(Office.ANN)).isEmpty();
    }

    @Test
    void each_change_of_a_private_view_is_in_the_audit_which_does_not_tell_what_it_searches_for() {
        SavedView mine = own("late vans", Office.ANN);
        own("late vans", Office.ANN);
        views.change(mine.id(), 1, text("older vans", "error:\"no van\""), Office.ANN, "the vans are older");
        views.delete(mine.id(), 2, Office.ANN, null);

        assertThat(office.heard)
                .extracting(AuditLine::entry)
                .extracting(entry -> entry.operator().name() + " " + entry.verb() + ": " + entry.reason())
                .containsExactly(
                        "ann save-view: for themselves alone",
                        "ann change-view: for themselves alone",
                        "ann delete-view: for themselves alone");
        assertThat(office.heard).extracting(AuditLine::entry).allSatisfy(entry -> {
            assertThat(entry.arguments()).contains(mine.id().toString());
            assertThat(entry.toString()).doesNotContain("vans", "no van", "STUCK");
        });
    }

    @Test
    void without_a_line_in_the_audit_a_private_view_is_not_saved_either() {
        office.jdbc.execute(
                "alter table saga_console_action add constraint no_lines check (actor <> 'carl') not valid");
        try {
            assertThatExceptionOfType(DataIntegrityViolationException.class)
                    .isThrownBy(() -> own("late vans", new Operator("carl", null)));
        } finally {
            office.jdbc.execute("alter table saga_console_action drop constraint no_lines");
        }

        assertThat(views.seenBy("carl")).isEmpty();
    }

    @Test
    void a_shared_view_is_seen_by_all_and_each_change_is_in_the_audit() {
        SavedView saved = shared("late vans", Office.ANN);
        SavedView changed =
                views.change(saved.id(), 1, text("older vans", "older:2h"), Office.BOB, "vans are always late");
        views.delete(saved.id(), 2, Office.ANN, "nobody looks");

        assertThat(changed.revision()).isEqualTo(2);
        assertThat(changed.owner()).isEqualTo("ann");
        assertThat(changed.changedBy()).isEqualTo("bob");
        assertThat(office.heard)
                .extracting(AuditLine::entry)
                .extracting(entry -> entry.operator().name() + " " + entry.verb() + " "
                        + entry.subject().filter() + ": " + entry.reason())
                .containsExactly(
                        "ann save-view phase:STUCK: so that all find them",
                        "bob change-view older:2h: vans are always late",
                        "ann delete-view older:2h: nobody looks");
        assertThat(office.heard.get(1).entry().arguments())
                .contains("older vans", saved.id().toString());
    }

    @Test
    void without_a_line_in_the_audit_nothing_is_shared() {
        assertThatNullPointerException().isThrownBy(() -> views.save(text("x", "at:y"), true, Office.ANN, null));

        assertThat(seenBy(Office.ANN)).isEmpty();
    }

    @Test
    void of_two_who_change_one_the_second_is_told_who_was_faster() {
        SavedView saved = shared("late vans", Office.ANN);
        views.change(saved.id(), 1, text("older vans", "older:2h"), Office.BOB, "r");

        assertThatExceptionOfType(ViewRefusedException.class)
                .isThrownBy(() -> views.change(saved.id(), 1, text("vans", "older:3h"), Office.ANN, "r"))
                .withMessageStartingWith("bob changed this view at");
        expect(Why.CHANGED_SINCE, () -> views.delete(saved.id(), 1, Office.ANN, "r"));
        assertThat(seenBy(Office.ANN)).containsExactly("older vans");
    }

    @Test
    void a_name_is_taken_once_whatever_its_case_and_the_same_again_is_the_same_view() {
        SavedView saved = shared("late vans", Office.ANN);
        SavedView other = shared("vans", Office.ANN);

        assertThat(shared("late vans", Office.ANN).id()).isEqualTo(saved.id());
        expect(Why.NAME_TAKEN, () -> shared("LATE vans", Office.BOB));
        expect(Why.NAME_TAKEN, () -> views.change(other.id(), 1, text("Late Vans", "at:y"), Office.ANN, "r"));
        assertThat(views.change(saved.id(), 1, text("Late vans", "at:y"), Office.ANN, "r")
                        .name())
                .isEqualTo("Late vans");
        assertThat(own("late vans", Office.BOB).shared()).isFalse();
    }

    @Test
    void there_are_so_many_of_one_person_and_so_many_for_all() {
        IntStream.range(0, SavedViews.MOST_OWN).parallel().forEach(number -> own("view " + number, Office.ANN));
        expect(Why.TOO_MANY, () -> own("one more", Office.ANN));
        own("one more", Office.BOB);
        office.jdbc.update(
                "insert into saga_console_view (view_id, name, filter, owner, shared, changed_by)"
                        + " select gen_random_uuid(), 'shared ' || n, 'at:x', 'ann', true, 'ann' from generate_series(1, ?) n",
                SavedViews.MOST_SHARED);

        expect(Why.TOO_MANY, () -> shared("one more", Office.ANN));
        assertThat(views.seenBy("ann")).hasSize(SavedViews.MOST_OWN + SavedViews.MOST_SHARED);
    }

    @Test
    void texts_are_short_and_ask_for_something() {
        refused("A view's name has 1 to 80 characters; this one has 0.", "  ", "at:x");
        refused("A view's name has 1 to 80 characters; this one has 81.", "x".repeat(81), "at:x");
        refused("A view's name has no control characters.", "a\tb", "at:x");
        refused("A view searches for something, such as phase:STUCK.", "a", " ");
        assertThat(own("\uD83D\uDE9A".repeat(80), Office.ANN).revision()).isEqualTo(1);
    }

    private static void refused(String why, String name, String filter) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> text(name, filter))
                .withMessage(why);
    }

    @Test
    void nobody_shares_what_is_masked() {
        String secret = "error:password=hunter2";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> views.save(text("x", secret), true, Office.ANN, "r"))
                .withMessageContaining("A piece of the filter would be masked")
                .withMessageNotContaining("hunter2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> views.save(text("password=hunter2", "at:x"), false, Office.ANN, null))
                .withMessageContaining("A piece of the name would be masked");
        assertThat(saved(secret)).isEqualTo(secret);
    }

    private @Nullable String saved(String filter) {
        return views.save(text("mine", filter), false, Office.ANN, null).filter();
    }
}
