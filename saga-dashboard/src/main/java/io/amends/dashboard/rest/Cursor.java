package io.amends.dashboard.rest;

import io.amends.dashboard.language.Sentence;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Where the next page begins, as text that says nothing to callers. */
final class Cursor {

    private static final String BETWEEN = "\n";

    private Cursor() {}

    static String of(Object... parts) {
        String text = String.join(
                BETWEEN, List.of(parts).stream().map(String::valueOf).toList());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws ConsoleProblem if it is none with so many parts */
    static List<String> read(String cursor, int parts) {
        try {
            List<String> read = List.of(
                    new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split(BETWEEN, -1));
            if (read.size() == parts) {
                return read;
            }
        } catch (IllegalArgumentException notBase64) {
            throw bad();
        }
        throw bad();
    }

    static ConsoleProblem bad() {
        return ConsoleProblem.badRequest(
                Sentence.of("'after' is not what an answer said under 'next'. Begin with the first page."));
    }
}
