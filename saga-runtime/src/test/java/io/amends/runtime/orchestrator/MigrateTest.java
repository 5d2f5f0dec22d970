package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.ChargeCard;
import io.amends.runtime.Orders.RefundCard;
import io.amends.runtime.SagaOperations;
import io.amends.runtime.SagaOperations.Result;
import io.amends.runtime.Sent;
import io.amends.saga.SagaKey;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.definition.SagaStages.BeforePivot;
import io.amends.saga.engine.CommandKind;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Running sagas that operators move to another version. */
class MigrateTest extends OrderFixture {

    record Card(String id, String number) {}

    record SafeCard(String id, String token) {}

    record ShortCard(String id) {}

    record CountedCard(String id, String number, int charges) {}

    private static final SagaOperations.Order ORDER = new SagaOperations.Order("ann", "version 1 goes", null);

    private static <D> BeforePivot<D> pay(int version, Class<D> data) {
        return SagaDefinition.named("pay")
                .version(version)
                .data(data)
                .step("charge", "payments", ChargeCard.class, card -> new ChargeCard(card.toString(), version))
                .compensatedBy("payments", RefundCard.class, card -> new RefundCard("r"));
    }

    private static <D> SagaDefinition checked(int version, Class<D> data) {
        return pay(version, data)
                .pivot("check", "payments", ChargeCard.class, card -> new ChargeCard(card.toString(), version))
                .build();
    }

    private final SagaDefinition one = pay(1, Card.class).build();
    private final SagaDefinition two = checked(2, Card.class);

    private Orchestration of(SagaDefinition... definitions) {
        return bench.orchestration(SagaRegistry.of(List.of(definitions), Map.of()));
    }

    private UUID started() {
        new SagaVersions(bench.jdbc, SagaRegistry.of(List.of(one), Map.of())).check();
        return of(one).sagas()
                .start("pay", new Card("k", "4711"), SagaKey.of("k"))
                .sagaId();
    }

    private @Nullable String saga(UUID id, String columns) {
        return database.texts("select concat_ws(' ', " + columns + ") from saga_instance where saga_id = ?", id)
                .get(0);
    }

    private void assertRefused(UUID id, int to, SagaDefinition target, String sentence) {
        String all = "saga_version, fingerprint, phase, convert_from(data, 'UTF8'), attributes";
        String before = saga(id, all);
        assertThat(of(target).operations().migrate(id, to, ORDER)).isEqualTo(Result.NOT_ALLOWED);
        assertThat(database.texts("select detail from saga_audit where saga_id = ? order by audit_id", id))
                .last()
                .asString()
                .startsWith("to version " + to + ": ")
                .contains(sentence);
        assertThat(saga(id, all)).isEqualTo(before);
    }

    @Test
    void a_saga_whose_version_no_process_has_goes_on_as_the_one_that_is_here() {
        UUID id = started();
        Sent command = takeOne();
        Orchestration here = of(two);
        here.replies().process(List.of(bench.reply(command, new CardCharged("1"))));
        assertThat(saga(id, "phase, reason_code")).isEqualTo("STUCK NO_HANDLER_VERSION");

        assertThat(here.operations().migrate(id, 2, ORDER)).isEqualTo(Result.DONE);

        assertThat(saga(id, "saga_version, fingerprint, phase, reason_code"))
                .isEqualTo("2 " + two.fingerprint() + " RUNNING");
        assertThat(database.texts(
                        "select concat_ws(' ', verb, detail, outcome, phase_before, phase_after) from saga_audit"))
                .containsExactly("Migrate to version 2 DONE STUCK RUNNING");
        assertThat(history(id)).last().isEqualTo("Migrate ACCEPTED");
        here.timers().look();
        Sent next = takeOne();
        assertThat(next.step()).isEqualTo("check");
        assertThat(next.header("saga_version")).isEqualTo("2");
        here.replies().process(List.of(bench.reply(next, new CardCharged("2"))));
        assertThat(saga(id, "phase")).isEqualTo("COMPLETED");
    }

    @Test
    void a_reply_to_what_was_sent_before_counts_afterwards() {
        UUID id = started();
        Sent command = takeOne();
        Orchestration here = of(one, two);

        assertThat(here.operations().migrate(id, 2, ORDER)).isEqualTo(Result.DONE);

        assertThat(bench.take()).isEmpty();
        here.replies().process(List.of(bench.reply(command, new CardCharged("1"))));
        assertThat(takeOne().step()).isEqualTo("check");
    }

    @Test
    void what_would_mean_something_else_is_refused_and_the_audit_says_why() {
        UUID id = started();
        takeOne();
        SagaDefinition other = SagaDefinition.named("pay")
                .version(2)
                .data(Card.class)
                .step("charge", "bank", ChargeCard.class, card -> new ChargeCard(card.id(), 2))
                .compensatedBy("payments", RefundCard.class, card -> new RefundCard("r"))
                .build();

        assertRefused(id, 2, other, "Step 'charge' is SENT, and another one in version 2");
        assertThat(history(id)).last().isEqualTo("Migrate NOT_ALLOWED");
    }

    @Test
    void data_becomes_what_the_definition_declares() {
        UUID id = started();
        takeOne();
        SagaDefinition safe = pay(2, SafeCard.class)
                .migratesData(1, Card.class, card -> new SafeCard(card.id(), "token of " + card.number()))
                .searchAttribute("token", SafeCard::token)
                .build();
        Orchestration here = of(safe);

        assertThat(here.operations().migrate(id, 2, ORDER)).isEqualTo(Result.DONE);

        assertThat(here.sagas().find(id).orElseThrow().data()).isEqualTo(new SafeCard("k", "token of 4711"));
        assertThat(saga(id, "attributes ->> 'token'")).isEqualTo("token of 4711");
    }

    @Test
    void data_that_would_be_lost_or_can_not_be_read_is_refused() {
        UUID id = started();
        takeOne();

        assertRefused(id, 2, checked(2, ShortCard.class), "Version 2 has no place for /number of its data");
        assertRefused(id, 2, checked(2, CountedCard.class), "Declare in a method with @MigratesData(from = 1)");
        SagaDefinition throwing = pay(2, SafeCard.class)
                .migratesData(1, Card.class, card -> {
                    throw new IllegalStateException("no vault");
                })
                .build();
        assertRefused(id, 2, throwing, "threw java.lang.IllegalStateException: no vault");
    }

    @Test
    void a_version_that_is_not_here_or_that_nobody_knows_is_refused() {
        UUID id = started();
        takeOne();

        assertThat(of(one).operations().migrate(id, 2, ORDER)).isEqualTo(Result.NO_HANDLER_VERSION);
        database.jdbc().update("delete from saga_definition");
        assertRefused(id, 2, two, "Nobody knows what its version 1 was");
        assertRefused(id, 1, one, "It is of version 1 already.");
    }

    @Test
    void what_the_operator_did_not_see_is_not_moved() {
        UUID id = started();
        takeOne();
        Orchestration here = of(one, two);
        here.operations().skip(id, "charge", CommandKind.COMPENSATION, null, ORDER);

        assertThat(here.operations().migrate(id, 2, new SagaOperations.Order("bob", "x", 0L)))
                .isEqualTo(Result.CHANGED_SINCE);
        assertThat(saga(id, "saga_version")).isEqualTo("1");
    }
}
