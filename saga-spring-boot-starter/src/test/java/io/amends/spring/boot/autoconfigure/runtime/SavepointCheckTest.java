package io.amends.spring.boot.autoconfigure.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaStages.AfterPivot;
import io.amends.spring.boot.autoconfigure.definition.found.Parcels.Parcel;
import io.amends.spring.boot.autoconfigure.definition.found.Parcels.Send;
import io.amends.spring.boot.autoconfigure.outbox.WrongTransactionManagerException;
import io.amends.test.postgres.EmbeddedPostgresServer;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.jta.JtaTransactionManager;

class SavepointCheckTest {

    @Test
    void jtas_transaction_manager_is_refused_with_what_would_do() {
        OneAtATime jta = new OneAtATime();

        FailureAnalysis analysis = refusal(new JtaTransactionManager(jta));

        assertThat(analysis.getDescription())
                .isEqualTo(
                        "Sagas need savepoints, by which what a handler wrote before it rejected is undone alone, and the transaction manager of their database, a JtaTransactionManager, makes none (JTA implementation does not support nested transactions).");
        assertThat(analysis.getAction())
                .isEqualTo(
                        "Let a JdbcTransactionManager, or a JpaTransactionManager with Hibernate, manage a DataSource that is not XA, leave its nestedTransactionAllowed as it is, and annotate both with @SagaDataSource if other transactions stay JTA's.");
        assertThat(jta.getStatus()).as("the transaction of the check is ended").isEqualTo(Status.STATUS_NO_TRANSACTION);
    }

    @Test
    void one_whose_savepoints_were_switched_off_is_refused_and_one_that_has_them_is_not() {
        JdbcTransactionManager manager = new JdbcTransactionManager(database());
        assertThatCode(() -> new SavepointCheck(manager, List.of(), true).start())
                .doesNotThrowAnyException();

        manager.setNestedTransactionAllowed(false);

        assertThat(refusal(manager).getDescription())
                .contains("a JdbcTransactionManager, makes none (", "'nestedTransactionAllowed'");
    }

    @Test
    void where_no_code_of_sagas_and_participants_runs_none_are_asked_for() {
        assertThatCode(() -> check().start()).doesNotThrowAnyException();
        assertThatCode(() -> check(saga().build()).start()).doesNotThrowAnyException();
    }

    @Test
    void sagas_with_local_steps_or_hooks_need_them() {
        for (SagaDefinition each : List.of(
                saga().retriableLocalStep("note", parcel -> parcel).build(),
                saga().onCompleted(parcel -> {}).build())) {
            assertThatThrownBy(() -> check(each).start()).isInstanceOf(WrongTransactionManagerException.class);
        }
    }

    private static SavepointCheck check(SagaDefinition... sagas) {
        return new SavepointCheck(new JtaTransactionManager(new OneAtATime()), List.of(sagas), false);
    }

    private static AfterPivot<Parcel> saga() {
        return SagaDefinition.named("parcel")
                .data(Parcel.class)
                .retriable("send", "post", Send.class, parcel -> new Send(parcel.id()));
    }

    private static FailureAnalysis refusal(PlatformTransactionManager manager) {
        return SagaFailureAnalyzersTest.analyze(
                catchThrowable(() -> new SavepointCheck(manager, List.of(), true).start()));
    }

    private static DataSource database() {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(postgres.jdbcUrl("postgres"));
        database.setUser(postgres.username());
        database.setPassword(postgres.password());
        return database;
    }

    /** As JTA's implementations are: no transaction within another one. */
    private static final class OneAtATime implements UserTransaction {

        private int status = Status.STATUS_NO_TRANSACTION;

        @Override
        public void begin() throws NotSupportedException {
            if (status != Status.STATUS_NO_TRANSACTION) {
                throw new NotSupportedException("one at a time");
            }
            status = Status.STATUS_ACTIVE;
        }

        @Override
        public void commit() {
            status = Status.STATUS_NO_TRANSACTION;
        }

        @Override
        public void rollback() {
            status = Status.STATUS_NO_TRANSACTION;
        }

        @Override
        public void setRollbackOnly() {
            status = Status.STATUS_MARKED_ROLLBACK;
        }

        @Override
        public int getStatus() {
            return status;
        }

        @Override
        public void setTransactionTimeout(int seconds) {}
    }
}
