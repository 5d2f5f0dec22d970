package io.amends.outbox;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import javax.sql.DataSource;

/** Notes the SQL that is prepared on a data source, and can refuse some of it without asking the server. */
public final class StatementSpy {

    private final List<String> prepared = new CopyOnWriteArrayList<>();
    private final DataSource dataSource;
    private volatile Predicate<String> refused = sql -> false;

    public StatementSpy(DataSource watched) {
        this.dataSource = proxy(DataSource.class, watched);
    }

    public DataSource dataSource() {
        return dataSource;
    }

    /** What was prepared so far. */
    public List<String> prepared() {
        return List.copyOf(prepared);
    }

    public long count(String part) {
        return prepared.stream().filter(sql -> sql.contains(part)).count();
    }

    public void forget() {
        prepared.clear();
    }

    public void refuse(Predicate<String> statements) {
        refused = statements;
    }

    private <T> T proxy(Class<T> type, T target) {
        InvocationHandler handler = (self, method, arguments) -> {
            if (method.getName().equals("equals")) {
                return self == arguments[0];
            }
            if (method.getName().equals("prepareStatement") && arguments[0] instanceof String sql) {
                if (refused.test(sql)) {
                    throw new SQLException("refused by the test before it reached the server");
                }
                prepared.add(sql);
            }
            try {
                Object result = method.invoke(target, arguments);
                return result instanceof Connection connection
                                && method.getName().equals("getConnection")
                        ? proxy(Connection.class, connection)
                        : result;
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
