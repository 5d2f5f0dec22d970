package io.amends.test.conformance;

import static io.amends.test.conformance.Twisted.failures;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.Barrier.Claim;
import io.amends.runtime.store.OpenReplies;
import io.amends.runtime.store.ParticipantStore;
import io.amends.runtime.store.Redeliveries;
import io.amends.runtime.wire.SagaMessage;
import io.amends.test.conformance.Twisted.Call;
import io.amends.test.memory.MemoryParticipant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;

/** Stores of participants that are broken on purpose, each with the tests of the suite that notice it. */
class BrokenParticipantStoresTest {

    private interface Twist extends BiFunction<Call, PlatformTransactionManager, Object> {}

    private static final Twist NONE = (call, transactions) -> call.proceed();

    private static ParticipantFixture store(Twist ofBarrier, Twist ofRedeliveries) {
        return new MemoryParticipant() {
            @Override
            public ParticipantStore store() {
                ParticipantStore real = super.store();
                return new ParticipantStore() {
                    @Override
                    public Barrier barrier(String participant) {
                        return Twisted.store(
                                Barrier.class,
                                real.barrier(participant),
                                call -> ofBarrier.apply(call, transactions()));
                    }

                    @Override
                    public Redeliveries redeliveries(String participant) {
                        return Twisted.store(
                                Redeliveries.class,
                                real.redeliveries(participant),
                                call -> ofRedeliveries.apply(call, transactions()));
                    }

                    @Override
                    public OpenReplies openReplies() {
                        return real.openReplies();
                    }
                };
            }
        };
    }

    static class ClaimsInATransactionOfTheirOwn extends BarrierConformance {
        @Override
        protected ParticipantFixture fixture() {
            return store((call, transactions) -> call.is("claim") ? call.alone(transactions) : call.proceed(), NONE);
        }
    }

    @Test
    void claims_that_outlive_a_rollback_are_noticed() {
        assertThat(failures(ClaimsInATransactionOfTheirOwn.class))
                .contains(
                        "a_rolled_back_transaction_leaves_no_claim_and_no_reply",
                        "a_claim_whose_transaction_was_rolled_back_is_free_for_who_waited",
                        "what_a_savepoint_undid_can_be_claimed_by_anybody",
                        "claims_are_made_once_among_two_transactions");
    }

    static class NoTombstone extends BarrierConformance {
        @Override
        @SuppressWarnings("unchecked")
        protected ParticipantFixture fixture() {
            return store(
                    (call, transactions) -> call.is("claim")
                            ? call.with(((List<Claim>) call.arguments()[0])
                                    .stream()
                                            .filter(claim -> claim.outcome() == null)
                                            .toList())
                            : call.proceed(),
                    NONE);
        }
    }

    @Test
    void a_compensation_that_does_not_refuse_its_action_is_noticed() {
        assertThat(failures(NoTombstone.class))
                .containsExactly("a_compensation_that_comes_first_refuses_its_action_for_ever");
    }

    static class ForgetsReplies extends BarrierConformance {
        @Override
        protected ParticipantFixture fixture() {
            return store((call, transactions) -> call.is("storeReplies") ? null : call.proceed(), NONE);
        }
    }

    @Test
    void replies_that_are_not_kept_are_noticed() {
        assertThat(failures(ForgetsReplies.class)).contains("a_repeat_gets_the_stored_reply");
    }

    static class SealsNothing extends AskedAnewConformance {
        @Override
        protected ParticipantFixture fixture() {
            return store((call, transactions) -> call.is("seal") ? null : call.proceed(), NONE);
        }
    }

    @Test
    void a_rejection_that_can_be_taken_back_for_ever_is_noticed() {
        assertThat(failures(SealsNothing.class))
                .containsExactlyInAnyOrder(
                        "what_is_sealed_is_never_asked_anew", "what_was_asked_anew_meanwhile_is_not_sealed");
    }

    static class LastClaimWins extends BarrierConformance {
        @Override
        @SuppressWarnings("unchecked")
        protected ParticipantFixture fixture() {
            return store(
                    (call, transactions) -> {
                        if (!call.is("claim")) {
                            return call.proceed();
                        }
                        List<Claim> turned = new ArrayList<>((List<Claim>) call.arguments()[0]);
                        Collections.reverse(turned);
                        return call.with(turned);
                    },
                    NONE);
        }
    }

    @Test
    void a_claim_that_goes_to_the_wrong_message_is_noticed() {
        assertThat(failures(LastClaimWins.class)).containsExactly("of_two_claims_for_one_command_the_first_wins");
    }

    static class DeliversTwice extends RedeliveriesConformance {
        @Override
        protected ParticipantFixture fixture() {
            return store(NONE, (call, transactions) -> call.is("lock") ? call.alone(transactions) : call.proceed());
        }
    }

    @Test
    void a_command_that_two_may_deliver_at_once_is_noticed() {
        assertThat(failures(DeliversTwice.class)).contains("who_is_locked_is_left_to_the_other");
    }

    static class CountsNoAttempts extends RedeliveriesConformance {
        @Override
        protected ParticipantFixture fixture() {
            return store(NONE, (call, transactions) -> {
                if (!call.is("postpone")) {
                    return call.proceed();
                }
                Object[] arguments = call.arguments();
                return call.with(arguments[0], 1, arguments[2], arguments[3]);
            });
        }
    }

    @Test
    void attempts_that_are_not_counted_are_noticed() {
        assertThat(failures(CountsNoAttempts.class)).contains("a_postponed_command_counts_its_attempts_and_waits");
    }

    static class CountsWaitingForARow extends RedeliveriesConformance {
        @Override
        protected ParticipantFixture fixture() {
            return store(NONE, (call, transactions) -> {
                if (!call.is("awaitRow")) {
                    return call.proceed();
                }
                Object[] arguments = call.arguments();
                ((Redeliveries) call.real())
                        .add((SagaMessage) arguments[0], (String) arguments[1], (long) arguments[2]);
                return true;
            });
        }
    }

    @Test
    void a_wait_for_a_row_that_counts_as_an_attempt_is_noticed() {
        assertThat(failures(CountsWaitingForARow.class))
                .containsExactly(
                        "a_command_that_waits_for_a_row_has_used_up_no_attempt",
                        "likewise_one_that_is_there_already_stays_as_the_message_that_came_last");
    }

    static class ForgetsWhyItWaits extends RedeliveriesConformance {
        @Override
        protected ParticipantFixture fixture() {
            return store(NONE, (call, transactions) -> {
                if (!call.is("postpone")) {
                    return call.proceed();
                }
                Object[] arguments = call.arguments();
                return call.with(arguments[0], arguments[1], "", arguments[3]);
            });
        }
    }

    @Test
    void a_reason_that_is_not_kept_is_noticed() {
        assertThat(failures(ForgetsWhyItWaits.class))
                .containsExactly("a_postponed_command_counts_its_attempts_and_waits");
    }

    static class LosesRollbacks extends RedeliveriesConformance {
        @Override
        protected ParticipantFixture fixture() {
            return store(NONE, (call, transactions) -> call.alone(transactions));
        }
    }

    @Test
    void redeliveries_that_outlive_a_rollback_are_noticed() {
        assertThat(failures(LosesRollbacks.class)).contains("a_rolled_back_transaction_leaves_nothing");
    }
}
