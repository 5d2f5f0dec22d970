package io.amends.dashboard.failures;

/**
 * What is the same in the texts of failures that differ only in whom they met: the first line, without ids, numbers and
 * quoted values. It is an expression of SQL, so that the database groups, counts and finds by it.
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

    /** A short name of the group that the expressions have in common; stable, for links and filters. */
    public static String id(String sagaName, String step, String code, String shape) {
        return "left(md5(concat_ws(e'\\n', %s, coalesce(%s, ''), %s, %s)), 16)".formatted(sagaName, step, code, shape);
    }

    private static String replaced(String text, String pattern, String by) {
        return "regexp_replace(%s, '%s', '%s', 'g')".formatted(text, pattern, by);
    }
}
