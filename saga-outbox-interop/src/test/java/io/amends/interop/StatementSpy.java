package io.amends.interop;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Notes the SQL that an application prepares on its data source. */
final class StatementSpy implements BeanPostProcessor {

    private final List<String> prepared = new CopyOnWriteArrayList<>();

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource watched ? proxy(DataSource.class, watched) : bean;
    }

    void forget() {
        prepared.clear();
    }

    /** What was prepared so far that changes something: verb and table. */
    List<String> changes() {
        return prepared.stream()
                .map(sql -> sql.toLowerCase(Locale.ROOT).replace("\"", ""))
                .filter(sql -> sql.startsWith("insert into") || sql.startsWith("update") || sql.startsWith("delete"))
                .map(sql -> sql.split(" ", 2)[0] + " "
                        + sql.replaceFirst("^(insert into|update|delete from)\\s+", "")
                                .split("[ (]", 2)[0])
                .toList();
    }

    private <T> T proxy(Class<T> type, T target) {
        InvocationHandler handler = (self, method, arguments) -> {
            if (method.getName().equals("equals")) {
                return self == arguments[0];
            }
            if (method.getName().equals("prepareStatement") && arguments[0] instanceof String sql) {
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
