package io.amends.test.conformance;

import static io.amends.test.conformance.Twisted.failures;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.SagaQuery;
import io.amends.runtime.store.SagaStore;
import io.amends.runtime.store.StoredSaga.Change;
import io.amends.runtime.store.WaitingReplies;
import io.amends.test.conformance.Twisted.Call;
import io.amends.test.memory.MemoryOrchestrator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.transaction.PlatformTransactionManager;

/** Stores of instances that are broken on purpose, each with the tests of the suite that notice it. */
class BrokenSagaStoresTest {

    private interface Twist extends BiFunction<Call, PlatformTransactionManager, Object> {}

    private static OrchestratorFixture sagas(Twist twist) {
        return new MemoryOrchestrator() {
            @Override
            public SagaStore sagas() {
                return Twisted.store(SagaStore.class, super.sagas(), call -> twist.apply(call, transactions()));
            }
        };
    }

    private static OrchestratorFixture replies(Twist twist) {
        return new MemoryOrchestrator() {
            @Override
            public WaitingReplies waitingReplies() {
                return Twisted.store(
                        WaitingReplies.class, super.waitingReplies(), call -> twist.apply(call, transactions()));
            }
        };
    }

    private static final Twist DROPS_LOST_RACES = (call, transactions) -> {
        try {
            return call.proceed();
        } catch (OptimisticLockingFailureException lost) {
            return null;
        }
    };

    private static final Twist LOCKS_NOTHING =
            (call, transactions) -> call.is("lock") || call.is("lockDue") ? call.alone(transactions) : call.proceed();

    private static final Twist COMMITS_BY_ITSELF = (call, transactions) -> call.alone(transactions);

    static class UpdateWithoutVersion extends SagaStoreConformance {
        @Override
        protected OrchestratorFixture fixture() {
            return sagas((call, transactions) -> call.is("update") ? call.with(anyVersion(call)) : call.proceed());
        }

        @SuppressWarnings("unchecked")
        private static List<Change> anyVersion(Call call) {
            SagaStore store = (SagaStore) call.real();
            return ((List<Change>) call.arguments()[0])
                    .stream()
                            .map(change -> store.find(List.of(change.sagaId())).values().stream()
                                    .findFirst()
                                    .map(now -> Samples.atVersion(change, now.rowVersion()))
                                    .orElse(change))
                            .toList();
        }
    }

    @Test
    void an_update_without_version_is_noticed() {
        assertThat(failures(UpdateWithoutVersion.class))
                .containsExactly("an_update_of_a_changed_instance_changes_nothing");
    }

    static class DropsLostRaces extends SagaTransactionsConformance {
        @Override
        protected OrchestratorFixture fixture() {
            return sagas(DROPS_LOST_RACES);
        }
    }

    @Test
    void a_lost_race_that_is_dropped_is_noticed() {
        assertThat(failures(DropsLostRaces.class)).containsExactly("of_two_updates_at_once_the_second_is_refused");
    }

    static class LocksNothing extends SagaTransactionsConformance {
        @Override
        protected OrchestratorFixture fixture() {
            return sagas(LOCKS_NOTHING);
        }
    }

    static class SharesNoWork extends SagaTimersConformance {
        @Override
        protected OrchestratorFixture fixture() {
            return sagas(LOCKS_NOTHING);
        }
    }

    @Test
    void locks_that_are_forgotten_are_noticed() {
        assertThat(failures(LocksNothing.class))
                .contains("who_locks_a_locked_instance_waits_and_sees_what_became_of_it");
        assertThat(failures(SharesNoWork.class))
                .contains("who_is_locked_is_left_to_the_other", "what_is_due_is_locked_until_the_transaction_ends");
    }

    static class CommitsByItself extends SagaTransactionsConformance {
        @Override
        protected OrchestratorFixture fixture() {
            return sagas(COMMITS_BY_ITSELF);
        }
    }

    @Test
    void a_store_that_loses_a_rollback_is_noticed() {
        assertThat(failures(CommitsByItself.class))
                .contains(
                        "a_rolled_back_transaction_leaves_nothing",
                        "what_a_savepoint_undid_is_gone_and_the_rest_stays");
    }

    static class TakesEveryKey extends SagaStoreConformance {
        @Override
        protected OrchestratorFixture fixture() {
            return sagas((call, transactions) -> {
                Object result = call.proceed();
                return call.is("insert") ? Boolean.TRUE : result;
            });
        }
    }

    @Test
    void a_taken_key_that_is_not_told_is_noticed() {
        assertThat(failures(TakesEveryKey.class)).contains("a_taken_business_key_is_not_inserted");
    }

    static class NeverMoves extends SagaStoreConformance {
        @Override
        protected OrchestratorFixture fixture() {
            return sagas((call, transactions) -> call.is("moveTo") ? null : call.proceed());
        }
    }

    @Test
    void a_move_to_another_version_that_is_forgotten_is_noticed() {
        assertThat(failures(NeverMoves.class))
                .containsExactly("an_instance_is_of_the_version_that_it_was_moved_to_and_otherwise_as_it_was");
    }

    static class LatestFirst extends SagaTimersConformance {
        @Override
        protected OrchestratorFixture fixture() {
            return sagas(
                    (call, transactions) -> call.is("lockDue") ? reversed((Map<?, ?>) call.proceed()) : call.proceed());
        }

        private static Map<Object, Object> reversed(Map<?, ?> due) {
            List<Object> keys = new ArrayList<>(due.keySet());
            Collections.reverse(keys);
            Map<Object, Object> turned = new LinkedHashMap<>();
            keys.forEach(key -> turned.put(key, due.get(key)));
            return turned;
        }
    }

    static class NeverPostpones extends SagaTimersConformance {
        @Override
        protected OrchestratorFixture fixture() {
            return sagas((call, transactions) -> call.is("postpone") ? null : call.proceed());
        }
    }

    @Test
    void timers_that_are_not_fair_are_noticed() {
        assertThat(failures(LatestFirst.class)).contains("what_is_due_comes_soonest_first");
        assertThat(failures(NeverPostpones.class)).contains("a_postponed_instance_waits_and_comes_again");
    }

    static class FirstPageOnly extends SagaSearchConformance {
        @Override
        protected OrchestratorFixture fixture() {
            return sagas((call, transactions) -> call.is("search")
                    ? call.with(((SagaQuery) call.arguments()[0]).page(null, ((SagaQuery) call.arguments()[0]).most()))
                    : call.proceed());
        }
    }

    static class AnyOrder extends SagaSearchConformance {
        @Override
        @SuppressWarnings("unchecked")
        protected OrchestratorFixture fixture() {
            return sagas((call, transactions) -> {
                Object result = call.proceed();
                return call.is("search")
                        ? ((List<UUID>) result).stream().sorted().toList()
                        : result;
            });
        }
    }

    @Test
    void pages_that_repeat_and_ids_in_javas_order_are_noticed() {
        assertThat(failures(FirstPageOnly.class)).containsExactly("page_by_page_everything_is_found_once");
        assertThat(failures(AnyOrder.class)).containsExactly("ids_go_by_their_bytes_and_not_by_signed_numbers");
    }

    static class RepliesForEver extends WaitingRepliesConformance {
        @Override
        protected OrchestratorFixture fixture() {
            return replies((call, transactions) -> call.is("delete") ? null : call.proceed());
        }
    }

    static class RepliesLoseRollbacks extends WaitingRepliesConformance {
        @Override
        protected OrchestratorFixture fixture() {
            return replies(COMMITS_BY_ITSELF);
        }
    }

    static class RepliesForAnybody extends WaitingRepliesConformance {
        @Override
        protected OrchestratorFixture fixture() {
            return replies((call, transactions) -> call.is("find")
                    ? call.with(List.of(Samples.PARCEL, Samples.PARCEL_2, Samples.LETTER), call.arguments()[1])
                    : call.proceed());
        }
    }

    @Test
    void waiting_replies_that_stay_or_come_to_the_wrong_process_are_noticed() {
        assertThat(failures(RepliesForEver.class)).contains("what_was_processed_is_removed_and_the_rest_stays");
        assertThat(failures(RepliesLoseRollbacks.class))
                .containsExactly("a_rolled_back_transaction_keeps_and_removes_nothing");
        assertThat(failures(RepliesForAnybody.class))
                .containsExactly("only_replies_to_instances_of_the_given_definitions_come");
    }
}
