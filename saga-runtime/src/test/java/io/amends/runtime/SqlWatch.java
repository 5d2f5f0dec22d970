package io.amends.runtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Notes what is sent to the server through a data source: statements, savepoints, commits. It can refuse some. */
public final class SqlWatch {

    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final DataSource dataSource;
    private volatile Predicate<String> refused = sql -> false;

    public SqlWatch(DataSource watched) {
        this.dataSource = proxy(DataSource.class, watched, (method, arguments, result) -> {
            if (result instanceof Connection connection) {
                return connection(connection);
            }
            return result;
        });
    }

    public DataSource dataSource() {
        return dataSource;
    }

    /** Everything since the last {@link #forget}, in order; SQL on one line. */
    public List<String> sent() {
        return List.copyOf(sent);
    }

    /** The same without savepoints and without the statements that contain that text. */
    public List<String> sentWithout(String part) {
        return sent.stream()
                .filter(sql -> !sql.contains(part) && !sql.contains("SAVEPOINT"))
                .toList();
    }

    public long count(String part) {
        return sent.stream().filter(sql -> sql.contains(part)).count();
    }

    public void forget() {
        sent.clear();
    }

    /** From now on such statements fail as if the connection had broken. */
    public void refuse(Predicate<String> statements) {
        refused = statements;
    }

    private Connection connection(Connection target) {
        return proxy(Connection.class, target, (method, arguments, result) -> {
            switch (method.getName()) {
                case "commit" -> sent.add("COMMIT");
                case "rollback" -> sent.add(arguments.length == 0 ? "ROLLBACK" : "ROLLBACK TO SAVEPOINT");
                case "setSavepoint" -> sent.add("SAVEPOINT");
                case "releaseSavepoint" -> sent.add("RELEASE SAVEPOINT");
                default -> {
                    // not sent anywhere by itself
                }
            }
            if (result instanceof PreparedStatement statement) {
                return statement(PreparedStatement.class, statement, target, (String) arguments[0]);
            }
            return result instanceof Statement statement ? statement(Statement.class, statement, target, null) : result;
        });
    }

    private <S extends Statement> S statement(
            Class<S> type, S target, Connection connection, @Nullable String prepared) {
        return proxy(type, target, (method, arguments, result) -> {
            if (method.getName().startsWith("execute")) {
                String sql = prepared != null ? prepared : String.valueOf(arguments[0]);
                sent.add(sql.strip().replaceAll("\\s+", " "));
                if (connection.getAutoCommit()) {
                    sent.add("COMMIT");
                }
            }
            return result;
        });
    }

    @FunctionalInterface
    private interface Seen {
        @Nullable
        Object seen(Method method, Object[] arguments, @Nullable Object result) throws SQLException;
    }

    private <T> T proxy(Class<T> type, T target, Seen seen) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Object[] given = arguments == null ? new Object[0] : arguments;
                    if (method.getName().equals("equals")) {
                        return self == given[0];
                    }
                    if (method.getName().equals("prepareStatement") && refused.test((String) given[0])) {
                        throw new SQLException("refused by the test before it reached the server", "08006");
                    }
                    try {
                        return seen.seen(method, given, method.invoke(target, given));
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }
}
