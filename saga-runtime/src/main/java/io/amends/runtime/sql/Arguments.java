package io.amends.runtime.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.PreparedStatementSetter;

/**
 * Collects the arguments of one statement in order; a list becomes one PostgreSQL array, so that a statement has the same
 * plan and the same number of parameters for any batch. For the runtime's own stores. Not safe for use by many threads.
 *
 * @param <A> the subclass
 */
public abstract class Arguments<A extends Arguments<A>> implements PreparedStatementSetter {

    @FunctionalInterface
    private interface Setter {
        void set(PreparedStatement statement, int index) throws SQLException;
    }

    private final List<Setter> setters = new ArrayList<>();

    /** Arguments without additions of their own. */
    public static final class Plain extends Arguments<Plain> {
        @Override
        protected Plain self() {
            return this;
        }
    }

    /** This, as its own type. */
    protected abstract A self();

    /** Adds a plain value. */
    public A value(@Nullable Object value) {
        setters.add((statement, index) -> statement.setObject(index, value));
        return self();
    }

    /** Adds an array of a PostgreSQL type with one element for each row. */
    public <T> A array(String type, List<T> rows, Function<T, ? extends @Nullable Object> column) {
        Object[] elements = elements(type, rows.size());
        for (int i = 0; i < elements.length; i++) {
            elements[i] = column.apply(rows.get(i));
        }
        setters.add((statement, index) ->
                statement.setArray(index, statement.getConnection().createArrayOf(type, elements)));
        return self();
    }

    /** Of the class that the driver sends in binary form, where it has one for that type; others it writes out as text. */
    private static Object[] elements(String type, int size) {
        return switch (type) {
            case "bytea" -> new byte[size][];
            case "text" -> new String[size];
            case "bigint" -> new Long[size];
            case "int" -> new Integer[size];
            case "boolean" -> new Boolean[size];
            default -> new Object[size];
        };
    }

    @Override
    public void setValues(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < setters.size(); i++) {
            setters.get(i).set(statement, i + 1);
        }
    }
}
