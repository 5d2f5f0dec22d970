package io.amends.outbox;

import static io.amends.outbox.TestDatabase.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The first message of a transaction that comes when messages are written no more. */
class CommitGuardTest {

    private static TestDatabase database;

    private final List<Runnable> duringCommit = new ArrayList<>();
    private final JdbcOutbox outbox = new JdbcOutbox(database.dataSource(), OutboxLimits.DEFAULT, AppendListener.NONE);
    private final TransactionTemplate transaction = new TransactionTemplate(manager());

    @BeforeAll
    static void open() {
        database = TestDatabase.migrated();
        database.jdbc().execute("create table business (id int)");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        database.jdbc().update("delete from saga_outbox");
        database.jdbc().update("delete from business");
    }

    @Test
    void during_the_commit_it_is_refused_and_nothing_commits() {
        duringCommit.add(() -> outbox.append(message("too late")));
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> business()))
                .isInstanceOf(NoTransactionException.class)
                .hasMessageContaining("already committing")
                .hasMessageContaining("PROPAGATION_REQUIRES_NEW");
        assertThat(database.count("business")).isZero();
    }

    @Test
    void after_the_commit_it_is_refused() {
        List<Throwable> thrown = new ArrayList<>();
        transaction.executeWithoutResult(status -> {
            business();
            afterCommit(() -> {
                try {
                    outbox.append(message("too late"));
                } catch (NoTransactionException refusal) {
                    thrown.add(refusal);
                }
            });
        });
        assertThat(thrown).hasSize(1);
        assertThat(database.count("business")).isOne();
        assertThat(database.outboxKeys()).isEmpty();
    }

    @Test
    void a_transaction_of_its_own_takes_it() {
        TransactionTemplate own = new TransactionTemplate(transaction.getTransactionManager());
        own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        transaction.executeWithoutResult(
                status -> afterCommit(() -> own.executeWithoutResult(inner -> outbox.append(message("own")))));
        assertThat(database.outboxKeys()).containsExactly("own");
    }

    /** As Spring calls listeners of events, of which the first may well begin a transaction of its own. */
    @Test
    void after_the_end_it_is_refused_also_behind_a_transaction_of_its_own() {
        TransactionTemplate own = new TransactionTemplate(transaction.getTransactionManager());
        own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        List<Throwable> thrown = new ArrayList<>();
        transaction.executeWithoutResult(status -> {
            business();
            afterCompletion(() -> own.executeWithoutResult(inner -> outbox.append(message("own"))));
            afterCompletion(() -> thrown.add(catchThrowable(
                    () -> transaction.executeWithoutResult(inner -> outbox.append(message("too late"))))));
        });
        assertThat(thrown).singleElement().isInstanceOf(NoTransactionException.class);
        assertThat(database.outboxKeys()).containsExactly("own");
    }

    @Test
    void after_a_roll_back_it_is_refused() {
        List<Throwable> thrown = new ArrayList<>();
        transaction.executeWithoutResult(status -> {
            business();
            afterCompletion(() -> {
                thrown.add(catchThrowable(
                        () -> transaction.executeWithoutResult(inner -> outbox.append(message("too late")))));
                thrown.add(
                        catchThrowable(() -> transaction.executeWithoutResult(inner -> outbox.requireTransaction())));
            });
            status.setRollbackOnly();
        });
        assertThat(thrown)
                .hasSize(2)
                .allSatisfy(refused -> assertThat(refused).isInstanceOf(NoTransactionException.class));
        assertThat(database.outboxKeys()).isEmpty();
        transaction.executeWithoutResult(status -> outbox.append(message("next")));
        assertThat(database.outboxKeys()).containsExactly("next");
    }

    private static void afterCompletion(Runnable work) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                work.run();
            }
        });
    }

    @Test
    void a_nested_transaction_that_ends_is_no_commit() {
        TransactionTemplate nested = new TransactionTemplate(transaction.getTransactionManager());
        nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        transaction.executeWithoutResult(status -> {
            nested.executeWithoutResult(inner -> business());
            outbox.append(message("after"));
        });
        assertThat(database.outboxKeys()).containsExactly("after");
    }

    @Test
    void the_threads_next_transaction_knows_nothing_of_the_last() {
        transaction.executeWithoutResult(status -> business());
        transaction.executeWithoutResult(status -> status.setRollbackOnly());
        transaction.executeWithoutResult(status -> outbox.append(message("next")));
        duringCommit.add(() -> {
            throw new IllegalStateException("no commit");
        });
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> business()))
                .hasMessage("no commit");
        duringCommit.clear();
        transaction.executeWithoutResult(status -> outbox.append(message("later")));
        assertThat(database.outboxKeys()).containsExactly("next", "later");
    }

    private JdbcTransactionManager manager() {
        JdbcTransactionManager made = new JdbcTransactionManager(database.dataSource()) {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doCommit(DefaultTransactionStatus status) {
                duringCommit.forEach(Runnable::run);
                super.doCommit(status);
            }
        };
        made.setRollbackOnCommitFailure(true);
        made.addListener(new CommitGuard());
        return made;
    }

    private static void business() {
        new JdbcTemplate(database.dataSource()).update("insert into business values (1)");
    }

    private static void afterCommit(Runnable work) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                work.run();
            }
        });
    }
}
