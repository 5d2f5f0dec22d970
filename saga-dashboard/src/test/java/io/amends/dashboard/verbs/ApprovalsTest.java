package io.amends.dashboard.verbs;

import static io.amends.dashboard.Office.ANN;
import static io.amends.dashboard.Office.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.Office;
import io.amends.dashboard.audit.ActionState;
import io.amends.dashboard.audit.KeyReusedException;
import io.amends.dashboard.audit.Operator;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

/** Orders that need a second person. */
class ApprovalsTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private static Office office;

    private final ConsoleVerbs strict = office.verbs(office.orchestration.operations(), Set.of("resolve"));
    private final Approvals approvals =
            new Approvals(strict, office.jdbc, office.transactions, office.log, UUID::randomUUID);

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

    private ApprovalRequest asked(UUID id) {
        return approvals
                .ask(office.order(id, new ConsoleVerb.Resolve(SagaPhase.COMPENSATED)), HOUR)
                .request();
    }

    @Test
    void what_one_asks_for_another_one_approves_and_both_are_named() {
        UUID id = office.stuck("both");
        ApprovalRequest request = asked(id);
        assertThat(office.phase(id)).isEqualTo("STUCK");
        assertThat(approvals.open()).contains(request);

        ActionTaken taken = approvals.approve(request.id(), BOB);

        assertThat(taken.state()).isEqualTo(ActionState.PROGRESSED);
        assertThat(office.phase(id)).isEqualTo("COMPENSATED");
        assertThat(approvals.open()).doesNotContain(request);
        assertThat(approvals.find(request.id())).get().satisfies(after -> {
            assertThat(after.state()).isEqualTo(ApprovalRequest.State.APPROVED);
            assertThat(after.decidedBy()).isEqualTo("bob");
            assertThat(after.actionId()).isEqualTo(taken.actionId());
        });
        assertThatThrownBy(() -> approvals.approve(request.id(), new Operator("carol", null)))
                .hasMessage("It is APPROVED already, by bob.");
        assertThat(office.lines(id))
                .filteredOn(line -> line.entry().operator().name().length() == 3)
                .extracting(line -> "%s %s %s"
                        .formatted(
                                line.entry().operator().name(),
                                line.entry().verb(),
                                line.entry().approvedBy()))
                .containsExactly("bob approve resolve null", "ann resolve bob", "ann ask resolve null");
    }

    @Test
    void nobody_approves_what_they_asked_for_however_they_write_their_name() {
        UUID id = office.stuck("alone");
        ApprovalRequest request = asked(id);

        assertThatThrownBy(() -> approvals.approve(request.id(), new Operator("Ann", null)))
                .isInstanceOf(RequestRefusedException.class)
                .hasMessageContaining("ann asked for it");
        assertThat(office.lines(id)).first().satisfies(line -> {
            assertThat(line.entry().verb()).isEqualTo("approve");
            assertThat(line.state()).isEqualTo(ActionState.REFUSED);
            assertThat(line.entry().explanation()).contains("ann asked for it");
        });
        // Nor does the table let anybody.
        assertThatThrownBy(() -> office.jdbc.update(
                        "update saga_console_request set state = 'APPROVED', decided_by = 'ANN' where request_id = ?",
                        request.id()))
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThat(office.phase(id)).isEqualTo("STUCK");
    }

    @Test
    void what_was_approved_counts_for_the_saga_that_who_asked_looked_at() {
        UUID id = office.stuck("changed");
        ApprovalRequest request = asked(id);
        assertThat(office.foresight.of(request).result().name()).isEqualTo("DONE");
        office.verbs.carryOut(office.order(id, new ConsoleVerb.Pause(null)));
        assertThat(office.foresight.of(request).result().name()).isEqualTo("CHANGED_SINCE");

        ActionTaken taken = approvals.approve(request.id(), BOB);

        assertThat(taken.result()).isEqualTo("CHANGED_SINCE");
        assertThat(office.phase(id)).isEqualTo("STUCK");
        assertThat(office.lines(id).get(1).state()).isEqualTo(ActionState.REFUSED);
    }

    @Test
    void a_request_expires() {
        UUID id = office.stuck("late");
        ApprovalRequest request = approvals
                .ask(office.order(id, new ConsoleVerb.Resolve(SagaPhase.COMPENSATED)), Duration.ZERO)
                .request();

        assertThat(approvals.open()).doesNotContain(request);
        assertThatThrownBy(() -> approvals.approve(request.id(), BOB)).hasMessageContaining("It expired at");
        assertThat(office.phase(id)).isEqualTo("STUCK");
    }

    @Test
    void a_request_is_decided_once() {
        UUID id = office.stuck("once");
        UUID declined = asked(id).id();
        assertThat(asked(id).id()).as("nobody decided yet").isEqualTo(declined);
        UUID withdrawn = approvals
                .ask(office.order(id, new ConsoleVerb.Resolve(SagaPhase.COMPLETED)), HOUR)
                .request()
                .id();

        assertThatThrownBy(() -> approvals.decline(declined, ANN, "on second thought"))
                .hasMessageContaining("withdraws");
        assertThatThrownBy(() -> approvals.withdraw(withdrawn, BOB, "I object")).hasMessageContaining("others decline");
        approvals.decline(declined, BOB, "call them first");
        approvals.withdraw(withdrawn, ANN, "a mistake");

        assertThatThrownBy(() -> approvals.approve(declined, BOB)).hasMessage("It is DECLINED already, by bob.");
        assertThatThrownBy(() -> approvals.approve(withdrawn, BOB)).hasMessage("It is WITHDRAWN already, by ann.");
        assertThatThrownBy(() -> approvals.approve(UUID.randomUUID(), BOB)).hasMessageContaining("There is no request");
        assertThat(office.lines(id))
                .filteredOn(line -> line.state() == ActionState.NOTED)
                .extracting(line -> line.entry().verb())
                .containsExactly("withdraw resolve", "decline resolve", "ask resolve", "ask resolve");
    }

    @Test
    void a_repeat_under_the_same_key_gets_what_the_first_one_got() {
        UUID id = office.stuck("repeated");
        VerbOrder order = new VerbOrder(
                id, new ConsoleVerb.Resolve(SagaPhase.COMPENSATED), ANN, "why", office.revision(id), "ask-1" + id);
        ApprovalRequest request = approvals.ask(order, HOUR).request();
        ActionTaken first = approvals.approve(request.id(), BOB, "approve-1" + id);

        ActionTaken again = approvals.approve(request.id(), BOB, "approve-1" + id);

        assertThat(again.actionId()).isEqualTo(first.actionId());
        assertThat(again.result()).isEqualTo(first.result());
        assertThat(again.repeated()).isTrue();
        assertThat(approvals.ask(order, HOUR)).satisfies(asked -> {
            assertThat(asked.repeated()).isTrue();
            assertThat(asked.request().id()).isEqualTo(request.id());
        });
        assertThatThrownBy(() -> approvals.decline(request.id(), BOB, "no", "approve-1" + id))
                .isInstanceOf(KeyReusedException.class);
        assertThatThrownBy(() -> approvals.approve(request.id(), new Operator("carol", null), "approve-1" + id))
                .isInstanceOf(KeyReusedException.class);
        assertThat(office.lines(id)).hasSize(3);
    }

    @Test
    void declining_and_withdrawing_can_be_repeated_too() {
        UUID id = office.stuck("repeated-no");
        UUID declined = asked(id).id();
        approvals.decline(declined, BOB, "call them first", "decline-1" + id);
        approvals.decline(declined, BOB, "call them first", "decline-1" + id);
        UUID withdrawn = asked(id).id();
        approvals.withdraw(withdrawn, ANN, "a mistake", "withdraw-1" + id);
        approvals.withdraw(withdrawn, ANN, "a mistake", "withdraw-1" + id);

        assertThat(office.lines(id))
                .extracting(line -> line.entry().verb())
                .containsExactly("withdraw resolve", "ask resolve", "decline resolve", "ask resolve");
    }
}
