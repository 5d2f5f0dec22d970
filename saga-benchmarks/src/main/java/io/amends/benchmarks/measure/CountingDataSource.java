package io.amends.benchmarks.measure;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Counts what goes through its connections. Safe for use by many threads. */
public final class CountingDataSource extends DelegatingDataSource {

    private final JdbcCounts counts;

    /** Counts for that data source. */
    public CountingDataSource(DataSource counted, JdbcCounts counts) {
        super(counted);
        this.counts = counts;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return proxy(Connection.class, connection, (method, arguments) -> {
            Object result = call(connection, method, arguments);
            switch (method.getName()) {
                case "commit" -> counts.committed();
                case "setSavepoint", "releaseSavepoint" -> counts.executed(1, false);
                default -> {}
            }
            return result instanceof Statement statement ? counting(connection, statement) : result;
        });
    }

    private Statement counting(Connection connection, Statement statement) {
        Class<? extends Statement> type = statement instanceof CallableStatement
                ? CallableStatement.class
                : statement instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
        return proxy(type, statement, (method, arguments) -> {
            boolean executes = method.getName().startsWith("execute");
            boolean alone = executes && connection.getAutoCommit();
            Object result = call(statement, method, arguments);
            if (executes) {
                counts.executed(result instanceof int[] batch ? batch.length : 1, alone);
            }
            return result;
        });
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getTargetException();
        }
    }

    @FunctionalInterface
    private interface Call {
        @Nullable
        Object of(Method method, Object @Nullable [] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Object target, Call call) {
        InvocationHandler handler = (self, method, arguments) -> switch (method.getName()) {
            case "equals" -> arguments != null && self == arguments[0];
            case "hashCode" -> System.identityHashCode(target);
            default -> call.of(method, arguments);
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
