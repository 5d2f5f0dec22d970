package io.amends.spring.boot.autoconfigure.jpa;

import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.ConnectionHandle;
import org.springframework.orm.jpa.JpaDialect;
import org.springframework.transaction.SavepointManager;
import org.springframework.transaction.TransactionDefinition;

/**
 * Another dialect, whose transactions have savepoints. Spring's transaction manager asks the object that a dialect keeps of a
 * transaction whether it can make some. Safe for use by many threads if the other one is.
 */
final class SavepointDialect implements JpaDialect {

    private final JpaDialect dialect;

    SavepointDialect(JpaDialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public @Nullable Object beginTransaction(EntityManager entities, TransactionDefinition definition)
            throws SQLException {
        Object begun = dialect.beginTransaction(entities, definition);
        return begun instanceof SavepointManager ? begun : new JpaSavepoints(begun, entities, dialect);
    }

    @Override
    public @Nullable Object prepareTransaction(EntityManager entities, boolean readOnly, @Nullable String name) {
        return dialect.prepareTransaction(entities, readOnly, name);
    }

    @Override
    public void cleanupTransaction(@Nullable Object transaction) {
        dialect.cleanupTransaction(transaction instanceof JpaSavepoints ours ? ours.transaction() : transaction);
    }

    @Override
    public @Nullable ConnectionHandle getJdbcConnection(EntityManager entities, boolean readOnly) throws SQLException {
        return dialect.getJdbcConnection(entities, readOnly);
    }

    @Override
    public void releaseJdbcConnection(ConnectionHandle connection, EntityManager entities) throws SQLException {
        dialect.releaseJdbcConnection(connection, entities);
    }

    @Override
    public @Nullable DataAccessException translateExceptionIfPossible(RuntimeException thrown) {
        return dialect.translateExceptionIfPossible(thrown);
    }
}
