package io.amends.twopc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What the work of a branch sees of its connection: all but the end of the transaction, which is the coordinator's. */
final class BranchConnection implements InvocationHandler {

    private final Connection connection;
    private final String branch;

    private BranchConnection(Connection connection, String branch) {
        this.connection = connection;
        this.branch = branch;
    }

    static Connection of(Connection connection, String branch) {
        return (Connection) Proxy.newProxyInstance(
                BranchConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new BranchConnection(connection, branch));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        switch (method.getName()) {
            case "equals":
                return arguments != null && proxy == arguments[0];
            case "hashCode":
                return System.identityHashCode(proxy);
            case "close":
                return null;
            case "setAutoCommit":
                if (arguments != null && Boolean.FALSE.equals(arguments[0])) {
                    return null;
                }
                throw refused("setAutoCommit(true)");
            case "commit":
            case "abort":
                throw refused(method.getName());
            case "rollback":
                if (arguments == null) {
                    throw refused("rollback");
                }
                break;
            default:
                break;
        }
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause() == null ? thrown : thrown.getCause();
        }
    }

    private SQLException refused(String call) {
        return new SQLException(
                "The work of branch %s called %s on its connection. All branches end together, so the coordinator ends them: return to commit, throw to roll back."
                        .formatted(branch, call),
                "2D000");
    }
}
