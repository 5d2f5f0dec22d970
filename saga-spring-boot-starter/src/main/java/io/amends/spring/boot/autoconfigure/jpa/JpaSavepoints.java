package io.amends.spring.boot.autoconfigure.jpa;

import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHandle;
import org.springframework.orm.jpa.JpaDialect;
import org.springframework.transaction.NestedTransactionNotSupportedException;
import org.springframework.transaction.SavepointManager;
import org.springframework.transaction.TransactionSystemException;

/**
 * Savepoints of one transaction of JPA's, on its JDBC connection. What entities hold back is written before a savepoint is made
 * or released, so that it lies on the right side of it; after going back all entities are forgotten, since they no longer are
 * what the database has. Used by one thread.
 */
final class JpaSavepoints implements SavepointManager {

    private final @Nullable Object transaction;
    private final EntityManager entities;
    private final JpaDialect dialect;

    /** @param transaction what the dialect keeps of the transaction */
    JpaSavepoints(@Nullable Object transaction, EntityManager entities, JpaDialect dialect) {
        this.transaction = transaction;
        this.entities = entities;
        this.dialect = dialect;
    }

    @Nullable
    Object transaction() {
        return transaction;
    }

    @Override
    public Object createSavepoint() {
        entities.flush();
        return onConnection("made", connection -> connection.getConnection().setSavepoint());
    }

    @Override
    public void rollbackToSavepoint(Object savepoint) {
        entities.clear();
        onConnection("gone back to", connection -> {
            connection.getConnection().rollback((Savepoint) savepoint);
            return savepoint;
        });
    }

    @Override
    public void releaseSavepoint(Object savepoint) {
        entities.flush();
        onConnection("released", connection -> {
            connection.getConnection().releaseSavepoint((Savepoint) savepoint);
            return savepoint;
        });
    }

    /** What is done with the connection. */
    private interface Work {
        Object on(ConnectionHandle connection) throws SQLException;
    }

    private Object onConnection(String what, Work work) {
        try {
            ConnectionHandle connection = dialect.getJdbcConnection(entities, false);
            if (connection == null) {
                throw new NestedTransactionNotSupportedException(
                        "%s does not give the JDBC connection of its transaction, on which a savepoint could be made. Use Hibernate, or JDBC's transaction manager."
                                .formatted(dialect.getClass().getName()));
            }
            try {
                return work.on(connection);
            } finally {
                dialect.releaseJdbcConnection(connection, entities);
            }
        } catch (SQLException trouble) {
            throw new TransactionSystemException("A savepoint could not be %s".formatted(what), trouble);
        }
    }
}
