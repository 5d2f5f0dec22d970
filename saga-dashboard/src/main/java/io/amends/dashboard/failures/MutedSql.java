package io.amends.dashboard.failures;

import io.amends.dashboard.stuck.StuckSql;

/** The statements' part that tells which stuck sagas are in a group that is muted. */
public final class MutedSql {

    /** Groups that are muted now, with {@code group_id} and {@code muted_until}. */
    public static final String MUTED =
            "select g.group_id, g.muted_until from saga_console_group g where g.muted_until > clock_timestamp()";

    private MutedSql() {}

    /**
     * The id of the group that an instance {@code i} is in, whose step is {@code at}: see {@link StuckSql#AT_STEP}.
     *
     * @param code an expression for why it is stuck
     */
    public static String group(String code) {
        return FailureShape.id(
                "i.saga_name", "at.step", code, FailureShape.sql(StuckSql.TEXT), FailureShape.place(StuckSql.FRAMES));
    }
}
