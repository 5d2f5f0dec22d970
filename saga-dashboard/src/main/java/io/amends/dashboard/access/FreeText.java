package io.amends.dashboard.access;

import java.util.regex.Pattern;

/** Finds where a value ends in text of which nobody knows how it was made. Pure. */
final class FreeText {

    private static final String ENDS = ",;)]}\"'\n\r";
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][\\w.-]{0,99}[=:]");

    private FreeText() {}

    /**
     * Where the value ends that begins there: behind its second quotation mark or its closing bracket; else before the next
     * comma, semicolon, bracket, quotation mark, end of the line or name with its own value, for a value may have several words.
     * What is never closed ends with the text.
     */
    static int valueEnd(String text, int start) {
        if (start >= text.length()) {
            return text.length();
        }
        if (text.startsWith("\\\"", start)) {
            int close = text.indexOf("\\\"", start + 2);
            return close < 0 ? text.length() : close + 2;
        }
        char first = text.charAt(start);
        return first == '"' || first == '\'' ? quoteEnd(text, start + 1, first) : wordsEnd(text, start);
    }

    private static int quoteEnd(String text, int from, char quote) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == quote) {
                return i + 1;
            }
        }
        return text.length();
    }

    private static int wordsEnd(String text, int from) {
        int depth = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '[' || c == '{' || c == '(') {
                depth++;
            } else if (depth > 0 && (c == ']' || c == '}' || c == ')')) {
                depth--;
                if (depth == 0) {
                    return i + 1;
                }
            } else if (depth == 0 && (ENDS.indexOf(c) >= 0 || (Character.isWhitespace(c) && isNamed(text, i + 1)))) {
                return i;
            }
        }
        return text.length();
    }

    /** Whether a name with a value of its own stands there. */
    private static boolean isNamed(String text, int from) {
        return NAME.matcher(text).region(from, text.length()).lookingAt();
    }
}
