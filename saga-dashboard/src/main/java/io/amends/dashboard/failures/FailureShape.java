package io.amends.dashboard.failures;

/**
 * What is the same in failures that differ only in whom they met: the first line of the text, without ids, numbers and quoted
 * values, and the place in the code. Both are expressions of SQL, so that the database groups, counts and finds by them.
 */
public final class FailureShape {

    private static final int LONGEST = 300;

    private FailureShape() {}

    /**
     * The expression.
     *
     * @param text an expression of type text; its null is the empty shape
     */
    public static String sql(String text) {
        String shape = "left(split_part(coalesce(%s, ''), e'\\n', 1), %d)".formatted(text, 2 * LONGEST);
        shape = replaced(shape, "[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", "#");
        shape = replaced(shape, "\"[^\"]*\"", "\"#\"");
        // The hash code that an object's default text ends with.
        shape = replaced(shape, "@[0-9a-f]{3,8}\\M", "@#");
        shape = replaced(shape, "[0-9]+([-.,:/TZ+]*[0-9]+)*Z?", "#");
        return "left(%s, %d)".formatted(shape, LONGEST);
    }

    /**
     * The expression for the place in the code that a new build does not move: frames without lines, and without the numbers that
     * compilers give to what has no name. Null for null.
     *
     * @param frames an expression for what {@link io.amends.saga.engine.Frames} wrote, of type text
     */
    public static String place(String frames) {
        return replaced(frames, "[:$][0-9]+", "");
    }

    /**
     * A short name of the group that the expressions have in common; stable, for links and filters. Where the place is null, it is
     * what it was before there were places.
     */
    public static String id(String sagaName, String step, String code, String shape, String place) {
        return "left(md5(concat_ws(e'\\n', %s, coalesce(%s, ''), %s, %s, %s)), 16)"
                .formatted(sagaName, step, code, shape, place);
    }

    private static String replaced(String text, String pattern, String by) {
        return "regexp_replace(%s, '%s', '%s', 'g')".formatted(text, pattern, by);
    }
}
