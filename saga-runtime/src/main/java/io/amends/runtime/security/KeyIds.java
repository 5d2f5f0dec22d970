package io.amends.runtime.security;

import java.util.regex.Pattern;

/** How ids of keys look. */
public final class KeyIds {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private KeyIds() {}

    /** Whether it has 1 to 64 letters, digits, dots, hyphens and underscores. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }
}
