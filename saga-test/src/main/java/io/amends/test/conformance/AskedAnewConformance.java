package io.amends.test.conformance;

import static io.amends.test.conformance.Samples.id;
import static io.amends.test.conformance.Transactions.outcome;
import static io.amends.test.conformance.Transactions.waits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.Barrier.Claim;
import io.amends.runtime.store.Barrier.Made;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.dao.ConcurrencyFailureException;

/** What every {@link Barrier} does with a rejected command that is asked anew: once for each round, and never after it is sealed. */
public abstract class AskedAnewConformance extends OnBarrier {

    private Set<Made> renewed(Barrier.Key key, UUID message, int round) {
        return transactions.get(() -> barrier().renew(List.of(new Claim(key, message, null, null, round))));
    }

    @Test
    void a_rejection_is_taken_back_for_a_later_round_and_once_for_each() {
        isClaimed(ACTION);
        storeReply(ACTION, REFUSED);
        assertThat(renewed(ACTION, OTHER_MESSAGE, 0)).isEmpty();

        assertThat(renewed(ACTION, OTHER_MESSAGE, 1)).containsExactly(new Made(ACTION, OTHER_MESSAGE));

        assertThat(load(ACTION).open()).containsExactly(ACTION);
        assertThat(renewed(ACTION, OTHER_MESSAGE, 2)).isEmpty();
        storeReply(ACTION, REFUSED);
        assertThat(renewed(ACTION, MESSAGE, 1)).isEmpty();
        assertThat(renewed(ACTION, MESSAGE, 2)).containsExactly(new Made(ACTION, MESSAGE));
    }

    @Test
    void a_row_that_was_made_in_a_later_round_is_of_that_round() {
        claimed(new Claim(ACTION, MESSAGE, null, null, 3));
        storeReply(ACTION, REFUSED);

        assertThat(renewed(ACTION, OTHER_MESSAGE, 3)).isEmpty();
        assertThat(renewed(ACTION, OTHER_MESSAGE, 4)).hasSize(1);
    }

    @Test
    void a_success_and_what_the_framework_refused_stay() {
        isClaimed(ACTION);
        storeReply(ACTION, DONE);
        transactions.run(() -> barrier()
                .claim(List.of(new Claim(
                        new Barrier.Key(id(2), "send", CommandKind.ACTION),
                        MESSAGE,
                        Outcome.REJECTION,
                        ReservedTypes.ACTION_AFTER_COMPENSATION,
                        0))));

        assertThat(renewed(ACTION, OTHER_MESSAGE, 1)).isEmpty();
        assertThat(renewed(new Barrier.Key(id(2), "send", CommandKind.ACTION), OTHER_MESSAGE, 1))
                .isEmpty();
        assertThat(renewed(COMPENSATION, OTHER_MESSAGE, 1)).isEmpty();
        assertReply(ACTION, DONE);
    }

    @Test
    void a_rejection_is_not_taken_back_if_the_transaction_is() {
        isClaimed(ACTION);
        storeReply(ACTION, REFUSED);

        transactions.undone(() -> barrier().renew(List.of(new Claim(ACTION, MESSAGE, null, null, 1))));

        assertReply(ACTION, REFUSED);
        assertThat(renewed(ACTION, OTHER_MESSAGE, 1)).hasSize(1);
    }

    @Test
    void what_is_sealed_is_never_asked_anew() {
        isClaimed(ACTION);
        storeReply(ACTION, REFUSED);

        transactions.run(() -> barrier().seal(Set.of(ACTION)));

        assertThat(renewed(ACTION, OTHER_MESSAGE, 1_000_000)).isEmpty();
        assertReply(ACTION, REFUSED);
    }

    @Test
    void what_was_asked_anew_meanwhile_is_not_sealed() {
        isClaimed(ACTION);
        storeReply(ACTION, REFUSED);

        CompletableFuture<Boolean> other = transactions.get(() -> {
            barrier().renew(List.of(new Claim(ACTION, MESSAGE, null, null, 1)));
            CompletableFuture<Boolean> second = transactions.elsewhere(() -> {
                barrier().seal(Set.of(ACTION));
                return true;
            });
            waits(second);
            barrier().storeReplies(Map.of(ACTION, DONE));
            return second;
        });

        assertThatExceptionOfType(ConcurrencyFailureException.class).isThrownBy(() -> outcome(other));
        assertReply(ACTION, DONE);
    }
}
