package io.amends.twopc;

import java.sql.Connection;
import java.sql.SQLException;

/** Where a database is, in words for an operator. */
final class Place {

    private Place() {}

    /** The JDBC address without its parameters, which may hold a password. */
    static String of(Connection connection) throws SQLException {
        String url = connection.getMetaData().getURL();
        int parameters = url.indexOf('?');
        return parameters < 0 ? url : url.substring(0, parameters);
    }
}
