package io.amends.dashboard.verbs;

import static io.amends.dashboard.Office.ANN;
import static io.amends.dashboard.Office.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.Deliveries.Cleared;
import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.NotThere;
import io.amends.dashboard.Office;
import io.amends.dashboard.audit.ActionState;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.audit.KeyReusedException;
import io.amends.dashboard.audit.Operator;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each verb on a saga that the real engine moves, and that it is accounted for. */
class ConsoleVerbsTest {

    private static Office office;

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

    private ActionTaken give(UUID id, ConsoleVerb verb) {
        return office.verbs.carryOut(office.order(id, verb));
    }

    @Test
    void a_retry_is_accepted_and_its_line_says_who_what_why_and_what_it_was_before() {
        UUID id = office.stuck("retry");
        long seen = office.revision(id);

        ActionTaken taken = give(id, new ConsoleVerb.Retry());

        assertThat(taken.state()).isEqualTo(ActionState.ACCEPTED);
        assertThat(office.phase(id)).isEqualTo("RUNNING");
        assertThat(office.depot.take()).extracting(sent -> sent.type()).containsExactly("collect");
        assertThat(office.lines(id)).singleElement().satisfies(line -> {
            assertThat(line.id()).isEqualTo(taken.actionId());
            assertThat(line.entry().operator()).isEqualTo(ANN);
            assertThat(line.entry().verb()).isEqualTo("retry");
            assertThat(line.entry().reason()).isEqualTo("the customer called");
            assertThat(line.entry().result()).isEqualTo("DONE");
            assertThat(line.entry().change()).isNotNull();
            assertThat(line.entry().change().seenRevision()).isEqualTo(seen);
            assertThat(line.entry().change().phaseBefore()).isEqualTo("STUCK");
            assertThat(line.entry().change().phaseAfter()).isEqualTo("RUNNING");
            assertThat(line.entry().change().revisionAfter()).isEqualTo(office.revision(id));
        });
    }

    @Test
    void a_step_is_taken_as_done_with_a_result_that_its_contract_has() {
        UUID id = office.start("skip");
        ConsoleVerb skip = ConsoleVerb.of(
                "skip",
                Map.of("step", "collect", "kind", "action", "result-type", "collected", "result", "{\"van\":\"7\"}"));

        ActionTaken taken = give(id, skip);

        // It waits for the customs' word now, which nobody is hurried for.
        assertThat(taken.state()).isEqualTo(ActionState.PROGRESSED);
        assertThat(office.row("select status from saga_step where saga_id = ? and step = 'clear'", id))
                .containsEntry("status", "SENT");
        assertThat(VerbText.read("skip", office.lines(id).get(0).entry().arguments()))
                .isEqualTo(skip);
    }

    @Test
    void a_result_that_is_none_of_the_step_s_is_refused_with_those_that_are() {
        UUID id = office.start("no-result");

        ActionTaken unknown = give(id, new ConsoleVerb.Skip("collect", CommandKind.ACTION, "java.lang.Runtime", "{}"));
        ActionTaken unreadable = give(id, new ConsoleVerb.Skip("collect", CommandKind.ACTION, "collected", "{secret"));

        assertThat(unknown.state()).isEqualTo(ActionState.REFUSED);
        assertThat(unknown.result()).isEqualTo("RESULT_NOT_TAKEN");
        assertThat(unknown.explanation()).contains("none of its results", "collected, not-there");
        assertThat(unreadable.result()).isEqualTo("RESULT_NOT_TAKEN");
        assertThat(unreadable.explanation())
                .contains("are not a Collected in JSON")
                .doesNotContain("secret");
        assertThat(office.phase(id)).isEqualTo("RUNNING");
        assertThat(office.lines(id)).hasSize(2);
    }

    @Test
    void a_saga_is_turned_back_and_that_is_open_until_the_compensation_is_answered() {
        UUID id = office.start("back");
        office.answer(new Collected("van 7"));

        assertThat(give(id, new ConsoleVerb.Compensate()).state()).isEqualTo(ActionState.ACCEPTED);

        assertThat(office.phase(id)).isEqualTo("COMPENSATING");
        assertThat(office.depot.takeLast().type()).isEqualTo("bring-back");
    }

    @Test
    void a_saga_is_ended_by_hand_which_is_done_at_once() {
        UUID id = office.stuck("end");

        assertThat(give(id, new ConsoleVerb.Resolve(SagaPhase.COMPENSATED)).state())
                .isEqualTo(ActionState.PROGRESSED);

        assertThat(office.phase(id)).isEqualTo("COMPENSATED");
        ActionTaken after = give(id, new ConsoleVerb.Retry());
        assertThat(after.result()).isEqualTo("NOT_ALLOWED");
        assertThat(after.explanation()).isEqualTo("It is COMPENSATED. A saga that has ended takes no orders.");
    }

    @Test
    void a_saga_that_an_operator_ended_is_reopened_and_no_other() {
        UUID id = office.stuck("reopened");
        assertThat(give(id, new ConsoleVerb.Reopen()).explanation()).startsWith("It has not ended");
        give(id, new ConsoleVerb.Resolve(SagaPhase.COMPLETED));

        assertThat(office.foresight
                        .of(List.of(id), new ConsoleVerb.Reopen())
                        .get(0)
                        .text())
                .isEqualTo("it is RUNNING then");
        assertThat(give(id, new ConsoleVerb.Reopen()).isDone()).isTrue();

        assertThat(office.phase(id)).isEqualTo("RUNNING");
        assertThat(office.lines(id).get(0).entry().change().phaseBefore()).isEqualTo("COMPLETED");
        UUID over = office.start("over");
        office.answer(new NotThere());
        assertThat(office.phase(over)).isEqualTo("COMPENSATED");
        assertThat(give(over, new ConsoleVerb.Reopen()).explanation()).startsWith("It ended by itself");
    }

    @Test
    void a_saga_goes_on_from_the_step_that_was_asked_last() {
        UUID id = office.stuck("from");
        assertThat(give(id, new ConsoleVerb.ResumeFromStep("deliver")).explanation())
                .startsWith("It can't go on from step 'deliver'");

        ActionTaken taken = give(id, new ConsoleVerb.ResumeFromStep("collect"));

        assertThat(taken.state()).isEqualTo(ActionState.ACCEPTED);
        assertThat(office.depot.take()).extracting(sent -> sent.type()).containsExactly("collect");
        assertThat(office.phase(id)).isEqualTo("RUNNING");
        assertThat(give(id, new ConsoleVerb.ResumeFromStep("collect")).explanation())
                .contains("stuck and not paused", "this one is RUNNING");
    }

    @Test
    void a_saga_is_paused_and_resumed_and_each_of_them_twice_is_refused() {
        UUID id = office.start("pause");

        assertThat(give(id, new ConsoleVerb.Pause(null)).state()).isEqualTo(ActionState.PROGRESSED);
        assertThat(give(id, new ConsoleVerb.Pause(null)).explanation()).isEqualTo("It is paused already.");
        assertThat(give(id, new ConsoleVerb.Retry()).explanation()).startsWith("It is paused. Resume it");
        assertThat(give(id, new ConsoleVerb.Resume()).isDone()).isTrue();
        assertThat(give(id, new ConsoleVerb.Resume()).explanation()).isEqualTo("It is not paused.");
    }

    @Test
    void a_deadline_is_moved() {
        UUID id = office.start("deadline");
        Instant later = Instant.now().plus(Duration.ofDays(90));

        assertThat(give(id, new ConsoleVerb.ExtendDeadline(later)).state()).isEqualTo(ActionState.PROGRESSED);

        assertThat(office.number(
                        "select floor(extract(epoch from deadline_at))::bigint from saga_instance where saga_id = ?",
                        id))
                .isEqualTo(later.getEpochSecond());
        assertThat(give(id, new ConsoleVerb.ExtendDeadline(Instant.EPOCH)).explanation())
                .contains("not in the future");
    }

    @Test
    void who_looked_before_the_change_is_told_who_changed_it() {
        UUID id = office.stuck("seen");
        VerbOrder late = office.order(id, new ConsoleVerb.Retry());
        office.verbs.carryOut(
                new VerbOrder(id, new ConsoleVerb.Pause(null), BOB, "wait for the police", office.revision(id), null));

        ActionTaken taken = office.verbs.carryOut(late);

        assertThat(taken.state()).isEqualTo(ActionState.REFUSED);
        assertThat(taken.result()).isEqualTo("CHANGED_SINCE");
        assertThat(taken.explanation())
                .contains("you saw revision " + late.seenRevision(), "Hold by bob at ", "Look again");
        assertThat(office.depot.take()).isEmpty();
    }

    @Test
    void a_saga_that_is_not_here_is_refused_and_noted() {
        UUID nobody = UUID.randomUUID();

        ActionTaken taken =
                office.verbs.carryOut(new VerbOrder(nobody, new ConsoleVerb.Retry(), ANN, "why not", 1, null));

        assertThat(taken.result()).isEqualTo("NOT_FOUND");
        assertThat(office.lines(nobody)).hasSize(1);
    }

    @Test
    void of_two_operators_at_once_one_has_an_effect_and_the_other_hears_of_it() throws Exception {
        UUID id = office.stuck("two");
        long seen = office.revision(id);
        CyclicBarrier start = new CyclicBarrier(2);
        List<Callable<ActionTaken>> both = new ArrayList<>();
        for (String name : List.of("ann", "bob")) {
            both.add(() -> {
                start.await(20, TimeUnit.SECONDS);
                return office.verbs.carryOut(new VerbOrder(
                        id, new ConsoleVerb.Retry(), new Operator(name, null), "it is stuck", seen, null));
            });
        }

        List<ActionTaken> taken = inParallel(both);

        assertThat(taken).extracting(ActionTaken::result).containsExactlyInAnyOrder("DONE", "CHANGED_SINCE");
        assertThat(taken)
                .filteredOn(each -> !each.isDone())
                .singleElement()
                .satisfies(each -> assertThat(each.explanation()).containsPattern("RetryNow by (ann|bob)"));
        assertThat(office.depot.take()).hasSize(1);
    }

    @Test
    void the_same_order_under_the_same_key_has_one_effect_also_at_the_same_time() throws Exception {
        UUID id = office.stuck("key");
        VerbOrder order = new VerbOrder(id, new ConsoleVerb.Retry(), ANN, "twice", office.revision(id), "key-" + id);
        CyclicBarrier start = new CyclicBarrier(2);
        Callable<ActionTaken> one = () -> {
            start.await(20, TimeUnit.SECONDS);
            return office.verbs.carryOut(order);
        };

        List<ActionTaken> taken = inParallel(List.of(one, one));

        assertThat(taken).allMatch(ActionTaken::isDone);
        assertThat(taken).extracting(ActionTaken::repeated).containsExactlyInAnyOrder(false, true);
        assertThat(taken.get(0).actionId()).isEqualTo(taken.get(1).actionId());
        assertThat(office.depot.take()).hasSize(1);
        assertThat(office.lines(id)).hasSize(1);
    }

    @Test
    void a_key_is_for_one_order_only() {
        UUID id = office.stuck("reused");
        String key = "key-" + id;
        office.verbs.carryOut(new VerbOrder(id, new ConsoleVerb.Pause(null), ANN, "wait", office.revision(id), key));

        assertThatThrownBy(() -> office.verbs.carryOut(
                        new VerbOrder(id, new ConsoleVerb.Resume(), ANN, "go on", office.revision(id), key)))
                .isInstanceOf(KeyReusedException.class)
                .hasMessageContaining(key);
    }

    @Test
    void line_and_effect_are_one_transaction() {
        UUID id = office.stuck("atomic");

        assertThatThrownBy(() -> office.transaction().executeWithoutResult(status -> {
                    assertThat(give(id, new ConsoleVerb.Retry()).isDone()).isTrue();
                    throw new IllegalStateException("the caller's own trouble");
                }))
                .hasMessage("the caller's own trouble");

        assertThat(office.phase(id)).isEqualTo("STUCK");
        assertThat(office.lines(id)).isEmpty();
        assertThat(office.heard).isEmpty();
        assertThat(office.depot.take()).isEmpty();
    }

    @Test
    void an_order_that_throws_changes_nothing_and_is_noted_nevertheless() {
        UUID id = office.stuck("throws");
        long before = office.revision(id);
        office.jdbc.execute("alter table saga_outbox add constraint no_space check (false) not valid");
        try {
            assertThatThrownBy(() -> give(id, new ConsoleVerb.Retry())).hasMessageContaining("no_space");
        } finally {
            office.jdbc.execute("alter table saga_outbox drop constraint no_space");
        }

        assertThat(office.revision(id)).isEqualTo(before);
        assertThat(office.lines(id)).singleElement().satisfies(line -> {
            assertThat(line.state()).isEqualTo(ActionState.REFUSED);
            assertThat(line.entry().result()).isEqualTo("THREW");
            assertThat(line.entry().explanation()).contains("no_space");
        });
        assertThat(give(id, new ConsoleVerb.Retry()).isDone()).isTrue();
    }

    @Test
    void a_verb_that_needs_a_second_person_is_not_carried_out_by_one() {
        UUID id = office.stuck("alone");
        ConsoleVerbs strict = office.verbs(office.orchestration.operations(), Set.of("resolve"));
        VerbOrder order = office.order(id, new ConsoleVerb.Resolve(SagaPhase.COMPLETED));

        assertThatThrownBy(() -> strict.carryOut(order)).isInstanceOf(ApprovalNeededException.class);

        assertThat(office.phase(id)).isEqualTo("STUCK");
        assertThat(strict.carryOut(office.order(id, new ConsoleVerb.Retry())).isDone())
                .isTrue();
        assertThatThrownBy(() -> office.verbs(office.orchestration.operations(), Set.of("destroy")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("destroy");
    }

    @Test
    void verbs_are_read_as_they_are_written_and_what_is_none_is_explained() {
        Instant time = Instant.parse("2026-01-31T12:00:00Z");
        for (ConsoleVerb verb : List.of(
                new ConsoleVerb.Retry(),
                new ConsoleVerb.ResumeFromStep("pay"),
                new ConsoleVerb.Reopen(),
                new ConsoleVerb.Skip("pay", CommandKind.COMPENSATION, null, null),
                new ConsoleVerb.Skip("pay", CommandKind.ACTION, "paid", "{\"a\":\"b\"}"),
                new ConsoleVerb.Compensate(),
                new ConsoleVerb.Resolve(SagaPhase.COMPLETED),
                new ConsoleVerb.Pause(null),
                new ConsoleVerb.Pause(time),
                new ConsoleVerb.Resume(),
                new ConsoleVerb.Migrate(12),
                new ConsoleVerb.ExtendDeadline(time))) {
            assertThat(VerbText.read(verb.name(), VerbText.of(verb))).isEqualTo(verb);
            assertThat(ConsoleVerb.NAMES).contains(verb.name());
        }
        assertThatThrownBy(() -> ConsoleVerb.of("explode", Map.of())).hasMessageContaining("Verbs are: retry");
        assertThatThrownBy(() -> ConsoleVerb.of("skip", Map.of())).hasMessage("The verb 'skip' needs 'step'.");
        assertThatThrownBy(() -> ConsoleVerb.of("resolve", Map.of("as", "STUCK")))
                .hasMessageContaining("ended as COMPLETED or as COMPENSATED");
        assertThatThrownBy(() -> ConsoleVerb.of("pause", Map.of("until", "tomorrow")))
                .hasMessageContaining("not a time such as");
        assertThatThrownBy(() -> ConsoleVerb.of("migrate", Map.of("version", "newest")))
                .hasMessageContaining("not a version such as 2");
    }

    @Test
    void the_application_hears_of_each_line_after_its_commit() {
        UUID id = office.start("heard");
        ActionTaken taken = give(id, new ConsoleVerb.Pause(null));

        assertThat(office.heard).extracting(AuditLine::id).containsExactly(taken.actionId());
        office.orchestration.sagas().signal("delivery", SagaKey.of("heard"), "customs", new Cleared());
        assertThat(office.heard).hasSize(1);
    }

    private static List<ActionTaken> inParallel(List<Callable<ActionTaken>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            List<ActionTaken> taken = new ArrayList<>();
            for (Future<ActionTaken> each : threads.invokeAll(work, 60, TimeUnit.SECONDS)) {
                taken.add(each.get());
            }
            return taken;
        } finally {
            threads.shutdownNow();
        }
    }
}
