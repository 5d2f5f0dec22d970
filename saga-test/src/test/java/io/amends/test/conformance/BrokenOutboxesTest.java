package io.amends.test.conformance;

import static io.amends.test.conformance.Twisted.failures;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.OutboxMessage;
import io.amends.runtime.quarantine.Quarantine;
import io.amends.runtime.quarantine.Quarantine.Case;
import io.amends.test.memory.MemoryDatabase;
import io.amends.test.memory.MemoryOutbox;
import io.amends.test.memory.MemoryOutbox.Pending;
import io.amends.test.memory.MemoryQuarantine;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Outboxes and quarantines that are broken on purpose, each with the tests of the suite that notice it. */
class BrokenOutboxesTest {

    /** An outbox in memory; what is appended, and how it is read, may be twisted. */
    private static class Fixture implements OutboxFixture {

        final MemoryDatabase database = new MemoryDatabase("service", InstantSource.system());
        final MemoryOutbox real;
        final BiFunction<Fixture, Collection<OutboxMessage>, Boolean> twist;

        Fixture(int limit, BiFunction<Fixture, Collection<OutboxMessage>, Boolean> twist) {
            this.real = new MemoryOutbox(database, new OutboxLimits(limit));
            this.twist = twist;
        }

        @Override
        public Outbox outbox() {
            return messages -> {
                if (twist.apply(this, messages)) {
                    real.appendAll(messages);
                }
            };
        }

        void alone(Runnable work) {
            TransactionTemplate own = new TransactionTemplate(transactions());
            own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
            own.executeWithoutResult(status -> work.run());
        }

        @Override
        public int maxMessageBytes() {
            return 1_000;
        }

        Stream<Pending> pending() {
            return real.pending(Integer.MAX_VALUE).stream();
        }

        @Override
        public List<OutboxMessage> committed() {
            return pending().map(Pending::message).toList();
        }

        @Override
        public PlatformTransactionManager transactions() {
            return database.transactions();
        }
    }

    static class SendsAtOnce extends OutboxConformance {
        @Override
        protected OutboxFixture fixture() {
            return new Fixture(1_000, (on, messages) -> {
                on.alone(() -> on.real.appendAll(messages));
                return false;
            });
        }
    }

    @Test
    void an_outbox_that_sends_at_once_is_noticed() {
        assertThat(failures(SendsAtOnce.class))
                .contains(
                        "nothing_of_a_rolled_back_transaction_is_published",
                        "nothing_is_published_before_its_transaction_commits",
                        "without_a_transaction_nothing_can_be_appended");
    }

    static class ForgetsSavepoints extends OutboxConformance {
        @Override
        protected OutboxFixture fixture() {
            return new Fixture(1_000, (on, messages) -> {
                if (!TransactionSynchronizationManager.isSynchronizationActive() || messages.isEmpty()) {
                    return true;
                }
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void beforeCommit(boolean readOnly) {
                        on.real.appendAll(messages);
                    }
                });
                return false;
            });
        }
    }

    @Test
    void an_outbox_that_forgets_savepoints_is_noticed() {
        assertThat(failures(ForgetsSavepoints.class))
                .contains(
                        "what_a_savepoint_undid_is_not_published",
                        "what_came_first_after_a_savepoint_is_undone_with_it");
    }

    static class NumbersWhatIsAppended extends OutboxConformance {
        @Override
        protected OutboxFixture fixture() {
            return new Fixture(1_000, (on, messages) -> true) {
                @Override
                public List<OutboxMessage> committed() {
                    return pending()
                            .sorted(Comparator.comparing(Pending::id))
                            .map(Pending::message)
                            .toList();
                }
            };
        }
    }

    @Test
    void an_outbox_that_publishes_in_the_order_of_appends_is_noticed() {
        assertThat(failures(NumbersWhatIsAppended.class))
                .containsExactly(
                        "a_suspended_transaction_keeps_its_messages_to_itself",
                        "messages_of_one_key_come_in_the_order_of_commits");
    }

    static class TakesAnything extends OutboxConformance {
        @Override
        protected OutboxFixture fixture() {
            return new Fixture(1_000_000, (on, messages) -> true);
        }
    }

    @Test
    void an_outbox_that_takes_what_can_not_be_sent_is_noticed() {
        assertThat(failures(TakesAnything.class))
                .containsExactly("of_messages_that_could_never_be_sent_none_is_appended");
    }

    private static QuarantineFixture quarantine(
            BiFunction<MemoryQuarantine, List<Case>, Boolean> twist, boolean countsEach) {
        MemoryDatabase database = new MemoryDatabase("service", InstantSource.system());
        MemoryQuarantine real = new MemoryQuarantine(database);
        Quarantine broken = new Quarantine() {
            @Override
            public void keep(List<Case> cases) {
                if (twist.apply(real, cases)) {
                    real.keep(cases);
                }
            }

            @Override
            public long kept() {
                return countsEach ? real.kept() : real.all().size();
            }
        };
        return new QuarantineFixture() {
            @Override
            public Quarantine quarantine() {
                return broken;
            }

            @Override
            public List<Case> committed() {
                return real.all();
            }

            @Override
            public PlatformTransactionManager transactions() {
                return database.transactions();
            }
        };
    }

    static class DropsMessages extends QuarantineConformance {
        @Override
        protected QuarantineFixture fixture() {
            return quarantine((real, cases) -> false, true);
        }
    }

    static class CountsOnce extends QuarantineConformance {
        @Override
        protected QuarantineFixture fixture() {
            return quarantine((real, cases) -> true, false);
        }
    }

    static class NeedsATransaction extends QuarantineConformance {
        @Override
        protected QuarantineFixture fixture() {
            return quarantine((real, cases) -> TransactionSynchronizationManager.isActualTransactionActive(), true);
        }
    }

    @Test
    void a_quarantine_that_drops_or_miscounts_is_noticed() {
        assertThat(failures(DropsMessages.class)).contains("a_message_is_kept_whole_with_its_reason");
        assertThat(failures(CountsOnce.class)).containsExactly("messages_are_counted_each_time_they_come");
        assertThat(failures(NeedsATransaction.class))
                .containsExactly("without_a_transaction_a_message_is_kept_at_once");
    }
}
