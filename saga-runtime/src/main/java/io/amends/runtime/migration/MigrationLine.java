package io.amends.runtime.migration;

import io.amends.saga.engine.SagaEvent;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a saga's history says of a move to another version, so that whoever reads older lines knows of which version the saga
 * was then. Pure.
 */
public final class MigrationLine {

    /** The event's name. */
    public static final String EVENT = SagaEvent.Migrate.class.getSimpleName();

    private static final String WORDS = "from version ";
    private static final Pattern DETAIL = Pattern.compile(WORDS + "([1-9][0-9]{0,8})");

    private MigrationLine() {}

    /** What the line says. */
    public static String detail(int version) {
        return WORDS + version;
    }

    /** The version until then; empty if the line does not say one. */
    public static OptionalInt version(@Nullable String detail) {
        Matcher said = DETAIL.matcher(detail == null ? "" : detail);
        return said.matches() ? OptionalInt.of(Integer.parseInt(said.group(1))) : OptionalInt.empty();
    }
}
