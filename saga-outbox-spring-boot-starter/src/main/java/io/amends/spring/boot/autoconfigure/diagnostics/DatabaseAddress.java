package io.amends.spring.boot.autoconfigure.diagnostics;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL database is, without who may enter it.
 *
 * @param text hosts, ports and the database's name, as in {@code db1:5432/shop}
 */
public record DatabaseAddress(String text) {

    private static final Pattern URL = Pattern.compile("jdbc:postgresql:(?<place>[^?;]*).*");

    /**
     * The address in a JDBC URL. Its parameters and anything before an {@code @} are left out: they may hold a password.
     *
     * @param jdbcUrl a URL, null if there is none
     * @return empty unless the URL is one of PostgreSQL's
     */
    public static Optional<DatabaseAddress> ofJdbcUrl(@Nullable String jdbcUrl) {
        if (jdbcUrl == null) {
            return Optional.empty();
        }
        Matcher url = URL.matcher(jdbcUrl.trim());
        if (!url.matches()) {
            return Optional.empty();
        }
        String place = url.group("place");
        place = place.substring(place.lastIndexOf('@') + 1);
        return Optional.of(new DatabaseAddress(
                place.startsWith("//") ? place.substring(2) : place.startsWith("/") ? place : "localhost/" + place));
    }

    @Override
    public String toString() {
        return text;
    }
}
