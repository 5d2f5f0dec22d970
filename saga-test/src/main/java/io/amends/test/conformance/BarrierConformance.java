package io.amends.test.conformance;

import static io.amends.test.conformance.Samples.id;
import static io.amends.test.conformance.Transactions.outcome;
import static io.amends.test.conformance.Transactions.waits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.Barrier.Claim;
import io.amends.runtime.store.Barrier.Loaded;
import io.amends.runtime.store.Barrier.Made;
import io.amends.saga.engine.CommandKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.dao.ConcurrencyFailureException;

/** What every {@link Barrier} does: no command has its effect twice, and none after its compensation. */
public abstract class BarrierConformance extends OnBarrier {

    @Test
    void a_command_is_claimed_once() {
        assertThat(claimed(claim(ACTION, MESSAGE))).containsExactly(new Made(ACTION, MESSAGE));

        assertThat(claimed(claim(ACTION, MESSAGE))).isEmpty();
        assertThat(claimed(claim(ACTION, OTHER_MESSAGE))).isEmpty();
    }

    @Test
    void of_two_claims_for_one_command_the_first_wins() {
        Claim other = claim(new Barrier.Key(id(2), "send", CommandKind.ACTION), OTHER_MESSAGE);

        assertThat(claimed(claim(ACTION, OTHER_MESSAGE), other, claim(ACTION, MESSAGE)))
                .containsExactlyInAnyOrder(new Made(ACTION, OTHER_MESSAGE), new Made(other.key(), OTHER_MESSAGE));
    }

    @Test
    void saga_step_and_kind_make_commands_different() {
        isClaimed(ACTION);

        Stream.of(
                        new Barrier.Key(id(2), "send", CommandKind.ACTION),
                        new Barrier.Key(id(1), "pay", CommandKind.ACTION),
                        COMPENSATION)
                .forEach(key -> assertThat(isClaimed(key)).isTrue());
    }

    @Test
    void each_participant_has_rows_of_its_own() {
        isClaimed(ACTION);
        storeReply(ACTION, DONE);
        Barrier bank = on.store().barrier("bank");

        assertThat(transactions.get(() -> bank.load(List.of(ACTION)).replies())).isEmpty();
        assertThat(transactions.get(() -> bank.claim(List.of(claim(ACTION, MESSAGE)))))
                .hasSize(1);
        transactions.run(() -> bank.storeReplies(Map.of(ACTION, REFUSED)));

        assertReply(ACTION, DONE);
    }

    @Test
    void a_barrier_of_the_same_participant_has_the_same_rows() {
        isClaimed(ACTION);

        assertThat(transactions.get(() -> on.store().barrier("courier").claim(List.of(claim(ACTION, OTHER_MESSAGE)))))
                .isEmpty();
    }

    @Test
    void a_compensation_that_comes_first_refuses_its_action_for_ever() {
        Claim refusal = new Claim(ACTION, MESSAGE, REFUSED.outcome(), REFUSED.type(), 0);

        assertThat(claimed(refusal, claim(COMPENSATION, MESSAGE)))
                .containsExactlyInAnyOrder(new Made(ACTION, MESSAGE), new Made(COMPENSATION, MESSAGE));

        assertThat(claimed(claim(ACTION, OTHER_MESSAGE))).isEmpty();
        assertReply(ACTION, REFUSED);
    }

    @Test
    void a_compensation_that_comes_later_leaves_what_its_action_said() {
        isClaimed(ACTION);
        storeReply(ACTION, DONE);

        Claim refusal = new Claim(ACTION, OTHER_MESSAGE, REFUSED.outcome(), REFUSED.type(), 0);

        assertThat(claimed(refusal, claim(COMPENSATION, OTHER_MESSAGE)))
                .containsExactly(new Made(COMPENSATION, OTHER_MESSAGE));
        assertReply(ACTION, DONE);
    }

    @Test
    void a_repeat_gets_the_stored_reply() {
        isClaimed(ACTION);
        isClaimed(COMPENSATION);
        transactions.run(() -> barrier().storeReplies(Map.of(ACTION, DONE, COMPENSATION, REFUSED)));

        assertThat(load(ACTION, COMPENSATION).replies()).containsOnlyKeys(ACTION, COMPENSATION);
        assertReply(ACTION, DONE);
        assertReply(COMPENSATION, REFUSED);
    }

    @Test
    void what_has_no_reply_yet_is_open_and_what_is_not_there_is_not() {
        isClaimed(ACTION);

        Loaded loaded = load(ACTION, COMPENSATION);

        assertThat(loaded.replies()).isEmpty();
        assertThat(loaded.open()).containsExactly(ACTION);
        assertThat(load().open()).isEmpty();
    }

    @Test
    void claims_are_made_once_among_two_transactions() {
        CompletableFuture<Boolean> other = transactions.get(() -> {
            assertThat(isClaimed(ACTION)).isTrue();
            CompletableFuture<Boolean> second = transactions.elsewhere(() -> isClaimed(ACTION));
            waits(second);
            storeReply(ACTION, DONE);
            return second;
        });

        assertThat(outcome(other)).isFalse();
        assertReply(ACTION, DONE);
    }

    @Test
    void who_repeats_a_claim_waits_for_nobody_and_makes_nobody_wait() {
        isClaimed(ACTION);

        transactions.run(() -> {
            assertThat(isClaimed(ACTION)).isFalse();
            assertThat(outcome(transactions.elsewhere(() -> isClaimed(ACTION)))).isFalse();
        });
    }

    @Test
    void who_waited_sees_the_reply_that_the_other_stored() {
        CompletableFuture<Set<Barrier.Key>> other = transactions.get(() -> {
            isClaimed(ACTION);
            CompletableFuture<Set<Barrier.Key>> second = transactions.elsewhere(() -> {
                isClaimed(ACTION);
                return load(ACTION).replies().keySet();
            });
            waits(second);
            storeReply(ACTION, DONE);
            return second;
        });

        assertThat(outcome(other)).containsExactly(ACTION);
    }

    @Test
    void a_claim_whose_transaction_was_rolled_back_is_free_for_who_waited() {
        Supplier<CompletableFuture<Boolean>> race = () -> {
            isClaimed(ACTION);
            CompletableFuture<Boolean> second = transactions.elsewhere(() -> isClaimed(ACTION));
            waits(second);
            return second;
        };

        assertThat(outcome(transactions.undone(race))).isTrue();
    }

    @Test
    void two_that_claim_the_same_commands_in_any_order_do_not_wait_crosswise() {
        Barrier.Key first = new Barrier.Key(id(1), "send", CommandKind.ACTION);
        Barrier.Key second = new Barrier.Key(id(2), "send", CommandKind.ACTION);
        for (int round = 0; round < 20; round++) {
            String step = "step-" + round;
            List<Claim> claims = Stream.of(first, second)
                    .map(key -> claim(new Barrier.Key(key.sagaId(), step, key.kind()), MESSAGE))
                    .toList();
            CompletableFuture<Integer> other = transactions.elsewhere(
                    () -> barrier().claim(List.of(claims.get(1), claims.get(0))).size());
            int own = transactions.get(() -> barrier().claim(claims).size());

            assertThat(own + outcome(other)).isEqualTo(2);
        }
    }

    @Test
    void a_rolled_back_transaction_leaves_no_claim_and_no_reply() {
        isClaimed(COMPENSATION);

        transactions.undone(() -> {
            isClaimed(ACTION);
            barrier().storeReplies(Map.of(ACTION, DONE, COMPENSATION, DONE));
        });

        assertThat(load(ACTION, COMPENSATION).replies()).isEmpty();
        assertThat(isClaimed(ACTION)).isTrue();
    }

    @Test
    void what_a_savepoint_undid_can_be_claimed_by_anybody() {
        transactions.run(() -> {
            transactions.undoneToSavepoint(() -> {
                isClaimed(ACTION);
                isClaimed(COMPENSATION);
            });
            assertThat(isClaimed(ACTION)).isTrue();
            assertThat(outcome(transactions.elsewhere(() -> isClaimed(COMPENSATION))))
                    .isTrue();
        });
    }

    @Test
    void what_is_withdrawn_comes_again_as_if_for_the_first_time() {
        transactions.run(() -> {
            isClaimed(ACTION);
            isClaimed(COMPENSATION);
            barrier().withdraw(List.of(ACTION));
        });

        assertThat(isClaimed(COMPENSATION)).isFalse();
        assertThat(claimed(claim(ACTION, OTHER_MESSAGE))).containsExactly(new Made(ACTION, OTHER_MESSAGE));
    }

    @Test
    void an_open_action_is_closed_by_its_compensation() {
        isClaimed(ACTION);

        transactions.run(() -> barrier().close(Set.of(ACTION), REFUSED));

        assertReply(ACTION, REFUSED);
        assertThat(load(ACTION).open()).isEmpty();
    }

    @Test
    void an_action_that_was_answered_meanwhile_is_not_closed() {
        isClaimed(ACTION);

        CompletableFuture<Boolean> other = transactions.get(() -> {
            storeReply(ACTION, DONE);
            CompletableFuture<Boolean> second = transactions.elsewhere(() -> {
                barrier().close(Set.of(ACTION), REFUSED);
                return true;
            });
            waits(second);
            return second;
        });

        assertThatExceptionOfType(ConcurrencyFailureException.class).isThrownBy(() -> outcome(other));
        assertReply(ACTION, DONE);
    }

    @Test
    void nothing_is_no_trouble() {
        transactions.run(() -> {
            assertThat(barrier().renew(List.of())).isEmpty();
            barrier().seal(Set.of());
            assertThat(barrier().claim(List.of())).isEmpty();
            assertThat(barrier().load(List.of()).replies()).isEmpty();
            barrier().storeReplies(Map.of());
            barrier().withdraw(List.of());
            barrier().close(Set.of(), REFUSED);
        });
    }
}
